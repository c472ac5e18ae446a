/** What the commands share: one stack and the place where its programs run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { exitCodes, UserError } from "../../messages/errors.ts";
import { EngineStack } from "./engineStack.ts";
import {
  decide,
  findTools,
  hasDockerAndMinikube,
  workplaceFor,
  type Decision,
  type Purpose,
  type Workplace,
} from "./lab.ts";
import {
  backendOf,
  chooseStack,
  describeChoice,
  labName,
  projectRoot,
  stackNames,
  statePaths,
  type StatePaths,
} from "./project.ts";
import { clusterKind, parseStackFile, usesLabImages, type StackFile } from "./stackFile.ts";
import { readUpRecord, type UpRecord } from "./upRecord.ts";
import { engineVariables } from "./variables.ts";

/** One stack on this machine. */
export interface Session {
  readonly stackName: string;
  readonly paths: StatePaths;
  /** What the machine has, and what the lab adds. */
  readonly decision: Decision;
  readonly workplace: SessionWorkplace;
  readonly stack: EngineStack;
  /** Where it runs since the last `up`. Undefined when it is not up. */
  readonly recordedPlace: UpRecord[string]["place"] | undefined;
}

/** Where the stack's programs run: on the machine itself, or in the lab. */
export interface SessionWorkplace extends Pick<Workplace, "inLab" | "isUp" | "enter"> {
  /** Variables for every program. Read them after the preparation, which creates the namespaces. */
  readonly variables: () => Readonly<Record<string, string>>;
}

/** Looks at the machine and at the stack's file. Changes nothing. */
export async function openSession(
  named: string | undefined,
  purpose: Extract<Purpose, "cluster" | "preview">,
  tell: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<Session> {
  const tools = await findTools();
  const lab = labName();
  const paths = statePaths(lab);
  const record = readUpRecord(paths.upRecord);
  const up = Object.keys(record);
  const choice = chooseStack(named, stackNames(), hasDockerAndMinikube(tools), up);
  const { stackName } = choice;
  const description = describeChoice(choice);
  if (description !== undefined) process.stderr.write(`${description}\n`);
  const recordedPlace = record[stackName]?.place;
  const file = readStackFile(stackName);
  const kind = clusterKind(file) ?? "unknown";
  // What is up in the lab stays there, also when the machine has a Docker or the file another kind.
  const isInLab = recordedPlace === "lab";
  const labCluster = isInLab || kind === "minikube";
  const decision = await decide(labCluster ? purpose : "preview", {
    ...{ labName: lab, tools, labOnly: usesLabImages(file) || isInLab, labCluster },
  });
  const workplace = workplaceFor(decision, paths.home, { kind, labCluster });
  const { variables, ownBackend } = engineVariables(
    process.env,
    workplace.env,
    paths,
    lab,
    backendOf(),
  );
  if (workplace.inLab && !ownBackend) refuseRemoteBackend(variables.PULUMI_BACKEND_URL);
  const passphraseFile = variables.PULUMI_CONFIG_PASSPHRASE_FILE ?? "PULUMI_CONFIG_PASSPHRASE";
  return {
    stackName,
    paths,
    decision,
    recordedPlace,
    workplace: {
      ...workplace,
      variables: () => ({ ...variables, PROVENET_MACHINE: JSON.stringify(workplace.machine()) }),
    },
    stack: new EngineStack({
      name: stackName,
      directory: join(paths.directory, "workspace"),
      backend: ownBackend ? paths.backend : undefined,
      variables,
      around: { stackName, passphraseFile },
      tell,
    }),
  };
}

/** The lab has no connection to the internet, so the engine in it reaches files only. */
function refuseRemoteBackend(url: string | undefined): void {
  if (url?.startsWith("file:") === true) return;
  throw new UserError(
    "the lab cannot reach the backend that PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN or Pulumi.yaml names",
    "unset it, so that the state is stored in .provenet. Or install Docker and minikube",
    exitCodes.badUse,
  );
}

/** The user's file of a stack. */
export function readStackFile(stackName: string): StackFile {
  const file = `Pulumi.${stackName}.yaml`;
  return parseStackFile(readFileSync(join(projectRoot, file), "utf8"), file);
}
