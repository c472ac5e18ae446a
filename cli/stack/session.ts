/** What the commands share: one environment, where its programs run, and its stack. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

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
  chooseEnvironment,
  describeChoice,
  environments,
  labName,
  projectRoot,
  statePaths,
  type StatePaths,
} from "./project.ts";
import { clusterKind, parseStackFile, usesLabImages, type StackFile } from "./stackFile.ts";
import { readUpRecord, type UpRecord } from "./upRecord.ts";
import { engineVariables } from "./variables.ts";

/** One environment on this machine. */
export interface Session {
  readonly environment: string;
  readonly paths: StatePaths;
  /** What the machine has, and what the lab adds. */
  readonly decision: Decision;
  readonly workplace: SessionWorkplace;
  readonly stack: EngineStack;
  /** Where it runs since the last `up`. Undefined when it is not up. */
  readonly recordedPlace: UpRecord[string]["place"] | undefined;
}

/** Where the environment's programs run: on the machine itself, or in the lab. */
export interface SessionWorkplace extends Pick<Workplace, "inLab" | "isUp" | "enter"> {
  /** Variables for every program. Read them after the preparation, which creates the namespaces. */
  readonly variables: () => Readonly<Record<string, string>>;
}

/** Looks at the machine and at the environment's file. Changes nothing. */
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
  const choice = chooseEnvironment(named, environments(), hasDockerAndMinikube(tools), up);
  const { environment } = choice;
  const description = describeChoice(choice);
  if (description !== undefined) process.stderr.write(`${description}\n`);
  const recordedPlace = record[environment]?.place;
  const file = readStackFile(environment);
  const kind = clusterKind(file) ?? "unknown";
  const decision = await decide(kind === "minikube" ? purpose : "preview", {
    // A cluster in the lab stays there, also when the machine has a Docker by now.
    ...{ labName: lab, tools, labOnly: usesLabImages(file) || recordedPlace === "lab" },
  });
  const workplace = workplaceFor(decision, paths.home, kind);
  const { variables, ownBackend } = engineVariables(process.env, workplace.environment, paths, lab);
  const passphraseFile = variables.PULUMI_CONFIG_PASSPHRASE_FILE ?? "PULUMI_CONFIG_PASSPHRASE";
  return {
    environment,
    paths,
    decision,
    recordedPlace,
    workplace: {
      ...workplace,
      variables: () => ({ ...variables, PROVENET_MACHINE: JSON.stringify(workplace.machine()) }),
    },
    stack: new EngineStack({
      name: environment,
      directory: join(paths.directory, "workspace"),
      backend: ownBackend ? paths.backend : undefined,
      variables,
      around: { environment, passphraseFile },
      tell,
    }),
  };
}

/** The user's stack file of an environment. */
export function readStackFile(environment: string): StackFile {
  const file = `Pulumi.${environment}.yaml`;
  return parseStackFile(readFileSync(join(projectRoot, file), "utf8"), file);
}
