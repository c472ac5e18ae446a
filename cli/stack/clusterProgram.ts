import { execa } from "execa";

import { UserError } from "../../messages/errors.ts";
import { minikubeRequestVariable } from "../../programs/minikube/request.ts";
import { withoutMark } from "../report/errorText.ts";
import { projectRoot } from "./project.ts";
import type { Session } from "./session.ts";

/**
 * Runs a command of the minikube program where the stack's programs run, and returns its output.
 *
 * @throws {UserError} with the program's own words and remedy
 */
export async function clusterProgram(
  { workplace, stackName }: Pick<Session, "workplace" | "stackName">,
  command: "find" | "resume" | "sweep" | "update-context",
  given: { readonly input?: string; readonly settings?: unknown },
): Promise<string> {
  const [program = "node", ...args] = [
    ...workplace.enter("client"),
    ...["node", "programs/minikube/main.ts", command],
  ];
  const settings =
    given.settings === undefined
      ? {}
      : { [minikubeRequestVariable]: JSON.stringify(given.settings) };
  const { exitCode, stdout, stderr } = await execa(program, args, {
    cwd: projectRoot,
    env: { ...workplace.variables(), ...settings },
    extendEnv: false,
    reject: false,
    ...(given.input === undefined ? { stdin: "ignore" } : { input: given.input }),
  });
  if (exitCode === 0) return stdout;
  const [said = "", fix] = withoutMark(stderr).split("\nFix: ");
  const abandon = `run \`npm run down ${stackName} -- --abandon\` to forget the cluster, then \`npm run up\` to create a new one`;
  throw new UserError(
    `the cluster program failed: ${said}`,
    fix === undefined ? abandon : `${fix.trim()}. If the cluster is lost, ${abandon}`,
  );
}
