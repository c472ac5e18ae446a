import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join, resolve, sep } from "node:path";

import { execa } from "execa";

import { cacheDirectory, runDirectory } from "./directories.ts";

/** A program of the machine that the project can use. */
export type ToolName =
  "pulumi" | "minikube" | "docker" | "kubectl" | "go" | "apt-get" | "ip" | "nsenter";

/** What is known about a program on this machine. */
export interface FoundTool {
  readonly tool: ToolName;
  /** Full path. Missing when the program is not on PATH. */
  readonly path?: string;
  /** One line with the version that the program prints. */
  readonly version?: string;
  /** Why an existing program does not work. */
  readonly problem?: string;
  /** Upstream's installation instructions. */
  readonly official: string;
}

const questions: Record<
  ToolName,
  { readonly version: readonly string[]; readonly official: string }
> = {
  pulumi: { version: ["version"], official: "https://www.pulumi.com/docs/install/" },
  minikube: {
    version: ["version", "--short"],
    official: "https://minikube.sigs.k8s.io/docs/start/",
  },
  docker: {
    version: ["version", "--format", "{{.Server.Version}}"],
    official: "https://docs.docker.com/engine/install/",
  },
  kubectl: {
    version: ["version", "--client"],
    official: "https://kubernetes.io/docs/tasks/tools/",
  },
  go: { version: ["version"], official: "https://go.dev/doc/install" },
  "apt-get": { version: ["--version"], official: "Debian 12 or a derivative" },
  ip: { version: ["-V"], official: "apt-get install iproute2" },
  nsenter: { version: ["--version"], official: "apt-get install util-linux" },
};

/** The first executable file of a name on a PATH. */
export function onPath(program: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter(Boolean)
    .map((directory) => join(directory, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return statSync(file).isFile();
      } catch {
        return false;
      }
    });
}

async function lookAt(tool: ToolName, path: string): Promise<FoundTool> {
  const { version, official } = questions[tool];
  const found = onPath(tool, path);
  if (found === undefined) return { tool, official };
  const answer = await execa(found, version, {
    ...{ reject: false, timeout: 10_000, stdin: "ignore" },
    ...{ env: outsideLab(process.env), extendEnv: false },
  });
  const [line = ""] = (answer.exitCode === 0 ? answer.stdout : answer.stderr).trim().split("\n");
  if (answer.exitCode === 0) return { tool, path: found, version: line, official };
  return { tool, path: found, problem: line || answer.shortMessage || "it does not run", official };
}

/** Variables without the address of a lab's Docker, which the shell of `npm run shell` sets. */
function outsideLab(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DOCKER_HOST, ...others } = variables;
  return DOCKER_HOST?.startsWith(`unix://${runDirectory}/`) === true ? others : variables;
}

/**
 * All programs in a fixed order. Docker's entry is about the engine behind the client. A lab's own
 * programs do not count, although the shell of `npm run shell` has them on PATH.
 */
export function findTools(path = process.env.PATH ?? ""): Promise<FoundTool[]> {
  const cache = cacheDirectory() + sep;
  const folders = path.split(delimiter).filter((folder) => !resolve(folder).startsWith(cache));
  const machine = folders.join(delimiter);
  return Promise.all((Object.keys(questions) as ToolName[]).map((tool) => lookAt(tool, machine)));
}

/** One program among those found. */
export const findTool = (tools: readonly FoundTool[], name: ToolName): FoundTool | undefined =>
  tools.find(({ tool }) => tool === name);

/** Whether the program exists and works. */
export const isUsable = (found: FoundTool | undefined): boolean =>
  found?.path !== undefined && found.problem === undefined;
