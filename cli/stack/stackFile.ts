/**
 * The stack file that the engine reads. It is the user's `Pulumi.<stack>.yaml` plus the salt of
 * the stack's secrets, which the engine would otherwise write into the file under version control.
 */
import { isMap, parse, parseDocument, stringify } from "yaml";

import { exitCodes, UserError } from "../../messages/errors.ts";

/** A stack file: its text, the text's `config`, and the engine's keys about secrets. */
export interface StackFile {
  readonly text: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** `encryptionsalt`, `secretsprovider` and `encryptedkey`: everything but `config`. */
  readonly secrets: Readonly<Record<string, unknown>>;
}

/**
 * Reads a stack file's text.
 *
 * @param name the file's name for messages
 * @throws {UserError} when the text is not a map with a map `config`
 */
export function parseStackFile(text: string, name: string): StackFile {
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line ?? 1;
    throw new UserError(
      `${name}:${line} is not valid YAML: ${broken.message.split(" at line")[0] ?? ""}`,
      `correct line ${line} of ${name}`,
      exitCodes.badUse,
    );
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new UserError(
      `${name} is not a map with the key config`,
      `start ${name} with the line "config:"`,
      exitCodes.badUse,
    );
  }
  const { config = {}, ...secrets } = (document.toJS() ?? {}) as Record<string, unknown>;
  if (!isPlainMap(config ?? {})) {
    throw new UserError(
      `config in ${name} is not a map: ${JSON.stringify(config)}`,
      "write one key per line below config, such as provenet:web: {pool: home}",
      exitCodes.badUse,
    );
  }
  return { text, config: (config ?? {}) as Record<string, unknown>, secrets };
}

/**
 * Text of the effective stack file: the user's text unchanged, and the recorded secrets keys that it
 * lacks. The first line names the file to edit.
 */
export function effectiveStackFile(
  { text, config, secrets }: StackFile,
  recorded: Readonly<Record<string, unknown>>,
  source: string,
): string {
  const header = `# Generated from ${source} on each run. Edit that file.\n`;
  const added = Object.fromEntries(Object.entries(recorded).filter(([key]) => !(key in secrets)));
  const { contents } = parseDocument(text);
  const isOpenEnded = isMap(contents) && contents.flow !== true && !/^\.\.\.$/m.test(text);
  if (!isOpenEnded) return header + stringify({ config, ...secrets, ...added });
  const more = Object.keys(added).length === 0 ? "" : stringify(added);
  return `${header}${text.replace(/^\uFEFF/, "").replace(/\n?$/, "\n")}${more}`;
}

function isPlainMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value below one of the project's config keys, such as `cluster.kind`. */
function settingIn({ config }: Pick<StackFile, "config">, key: string, name: string) {
  const group = config[`provenet:${key}`];
  if (isPlainMap(group)) return group[name];
  // Pulumi also accepts an object written as JSON text.
  if (typeof group !== "string") return undefined;
  try {
    const parsed: unknown = parse(group);
    return isPlainMap(parsed) ? parsed[name] : undefined;
  } catch {
    return undefined;
  }
}

/** The kind of cluster that a stack file configures. Undefined when it names none. */
export function clusterKind(file: Pick<StackFile, "config">): string | undefined {
  const kind = settingIn(file, "cluster", "kind");
  return typeof kind === "string" ? kind : undefined;
}

/**
 * Name and driver of the minikube cluster that a stack file configures. Undefined when it configures
 * another kind, or does not name them.
 */
export function minikubeClusterName(
  file: Pick<StackFile, "config">,
): { readonly profile: string; readonly driver: string } | undefined {
  const [profile, driver] = ["profile", "driver"].map((key) => settingIn(file, "cluster", key));
  if (clusterKind(file) !== "minikube") return undefined;
  return typeof profile === "string" && typeof driver === "string"
    ? { profile, driver }
    : undefined;
}

/**
 * Refuses a driver that the lab's minikube is built without.
 *
 * @throws {UserError} before minikube reports it in the middle of a start
 */
export function assertDriverIsBuilt(
  stackName: string,
  file: Pick<StackFile, "config">,
  { officialMinikube }: { readonly officialMinikube: boolean },
): void {
  if (officialMinikube || minikubeClusterName(file)?.driver !== "kvm2") return;
  throw new UserError(
    `Pulumi.${stackName}.yaml has the driver kvm2, and the minikube that provenet builds lacks it`,
    "install Docker and minikube, or write the driver docker",
    exitCodes.badUse,
  );
}

/** Whether the stack uses images that only the lab builds, so that it runs in the lab. */
export function usesLabImages(file: Pick<StackFile, "config">): boolean {
  return settingIn(file, "images", "source") === "lab";
}
