/** Record of the stacks that are up, and where each of them runs. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

import writeFileAtomic from "write-file-atomic";
import { z } from "zod";

import { UserError } from "../../messages/errors.ts";
import type { StatePaths } from "./project.ts";

const entrySchema = z.object({
  place: z.enum(["machine", "lab"]),
  /** Whether `down` has removed its state, so that only the lab is left to end. */
  isRemoved: z.boolean().optional(),
});
const recordSchema = z.record(z.string(), entrySchema);

/** The stacks that are up, and whether each runs on this machine or in the lab. */
export type UpRecord = z.infer<typeof recordSchema>;

/** What the record needs of a session. */
interface Recorded {
  readonly stackName: string;
  readonly paths: Pick<StatePaths, "upRecord">;
  readonly recordedPlace: UpRecord[string]["place"] | undefined;
  readonly workplace: { readonly inLab: boolean };
}

/**
 * Reads the record. It is empty when there is no file.
 *
 * @throws {UserError} when the file has another shape
 */
export function readUpRecord(file: string): UpRecord {
  if (!existsSync(file)) return {};
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new UserError(
      `${file} does not say which stacks are up`,
      'restore it, for example {"dev": {"place": "machine"}}. Remove it when nothing is up',
    );
  }
}

/** Adds a stack to the record, before the engine creates anything. */
export function recordUp({
  paths,
  stackName,
  workplace,
}: Pick<Recorded, "paths" | "stackName" | "workplace">): void {
  const place = workplace.inLab ? "lab" : "machine";
  write(paths.upRecord, { ...readUpRecord(paths.upRecord), [stackName]: { place } });
}

/** Records that a stack's state is about to be removed. A `down` that is killed can then continue. */
export function recordRemoved({ paths, stackName }: Pick<Recorded, "paths" | "stackName">): void {
  const { [stackName]: entry, ...others } = readUpRecord(paths.upRecord);
  if (entry === undefined) return;
  write(paths.upRecord, { ...others, [stackName]: { ...entry, isRemoved: true } });
}

/** Removes a stack from the record. */
export function recordDown({ paths, stackName }: Pick<Recorded, "paths" | "stackName">): void {
  const { [stackName]: removed, ...others } = readUpRecord(paths.upRecord);
  if (removed !== undefined) write(paths.upRecord, others);
}

/**
 * Refuses to update a stack in the lab to a cluster that the lab cannot reach.
 *
 * @throws {UserError} when the stack is up in the lab, and its file configures another kind of cluster
 */
export function assertKindOfPlace(
  { stackName, recordedPlace }: Pick<Recorded, "stackName" | "recordedPlace">,
  kind: string | undefined,
): void {
  if (recordedPlace !== "lab" || kind === "minikube") return;
  throw new UserError(
    `${stackName} is up in the lab, and Pulumi.${stackName}.yaml has a cluster of kind ${kind ?? "unknown"} now`,
    `run \`npm run down ${stackName}\` first. It ends the cluster in the lab`,
  );
}

/**
 * Refuses to replace a stack's Docker with the lab's.
 *
 * @throws {UserError} when the stack runs on the machine's Docker and that does not answer
 */
export function assertDockerAnswers(
  { stackName, recordedPlace, workplace }: Omit<Recorded, "paths">,
  exitCode?: number,
): void {
  if (recordedPlace !== "machine" || !workplace.inLab) return;
  throw new UserError(
    `${stackName} runs on this machine's Docker, which does not answer`,
    `start Docker, or run \`npm run down ${stackName} -- --abandon\` to forget the state without ` +
      "deleting anything",
    exitCode,
  );
}

function write(file: string, record: UpRecord): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileAtomic.sync(file, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
}
