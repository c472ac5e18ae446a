/** How long the engine takes to find that nothing is to be done. */
import { execa } from "execa";

import type { Figure } from "./figure.ts";
import { openStack } from "../stack/openStack.ts";
import { engineArguments } from "../stack/operate.ts";
import { projectRoot } from "../stack/project.ts";
import type { Session } from "../stack/session.ts";
import { formatSeconds } from "../../messages/durations.ts";

const name = "no-op preview";

/** Measures a preview of what is up; says so when nothing is, or when it is not a no-op. */
export async function noOpPreview(session: Session): Promise<Figure> {
  const { environment, workplace, stack } = session;
  const { configFile } = stack;
  const resources = (await stack.sizes()).get(environment) ?? 0;
  if (resources === 0 || !workplace.isUp()) {
    return { name, text: `not measured: nothing is up in ${environment}` };
  }
  await openStack(session);
  const args = engineArguments("preview", { environment, configFile, terminal: false });
  const [program = "pulumi", ...rest] = [...workplace.enter("client"), "pulumi", ...args];
  const started = performance.now();
  const { exitCode } = await execa(program, [...rest, "--expect-no-changes"], {
    cwd: projectRoot,
    env: workplace.variables(),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
  });
  const seconds = (performance.now() - started) / 1000;
  const text = `${formatSeconds(seconds)} for ${resources} resources`;
  const remark =
    exitCode === 0 ? "" : ", but it was none: `npm run preview` shows what would change";
  return { name, text: text + remark, seconds: { preview: seconds } };
}
