/**
 * The stack file that the engine is given. It is made from `Pulumi.<environment>.yaml`, which people
 * edit, what the lab needs on top, and the salt of the stack's secrets, so that neither the lab nor
 * a run ever changes a file under version control.
 */
import { isMap, parse, parseDocument, stringify } from "yaml";

import { CommandFault, exitCodes } from "../report/fault.ts";

/** A stack file's content: `config` and the engine's own keys about secrets. */
export interface StackFile {
  readonly config: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

const prefix = "provenet:";

/** Reads a stack file's text; `name` is for the message when it cannot be read. */
export function parseStackFile(text: string, name: string): StackFile {
  const document = parseDocument(text, { prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const where = broken.linePos?.[0].line ?? 1;
    throw new CommandFault(
      `${name} is no YAML: line ${where}: ${broken.message.split(" at line")[0] ?? ""}`,
      `mend line ${where} of ${name}`,
      exitCodes.badUse,
    );
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new CommandFault(
      `${name} must be a map with the key config`,
      `start ${name} with the line "config:"`,
      exitCodes.badUse,
    );
  }
  const content = (document.toJS() ?? {}) as Record<string, unknown>;
  const config = content["config"] ?? {};
  if (!isPlainMap(config)) {
    throw new CommandFault(
      `config in ${name} must be a map, got ${JSON.stringify(config)}`,
      "write one key per line below config, such as provenet:web: {pool: home}",
      exitCodes.badUse,
    );
  }
  return { ...content, config };
}

/**
 * Lays the overlay over the file: maps are merged key by key, everything else is replaced. Overlay
 * keys have no `provenet:` before them.
 */
export function overlayStackFile(
  base: StackFile,
  overlay: Readonly<Record<string, unknown>>,
  secrets: Readonly<Record<string, unknown>> = {},
): StackFile {
  const config = { ...base.config };
  for (const [key, value] of Object.entries(overlay)) {
    config[prefix + key] = merge(config[prefix + key], value);
  }
  return { ...secrets, ...base, config };
}

function merge(below: unknown, above: unknown): unknown {
  if (!isPlainMap(below) || !isPlainMap(above)) return above;
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) merged[key] = merge(merged[key], value);
  return merged;
}

function isPlainMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Everything but the config: `encryptionsalt`, `secretsprovider`, `encryptedkey`. */
export function secretKeys(file: StackFile): Record<string, unknown> {
  return Object.fromEntries(Object.entries(file).filter(([key]) => key !== "config"));
}

/** The effective file's text, with a first line that says where to make changes instead. */
export function formatStackFile(file: StackFile, source: string): string {
  return `# Made from ${source} on each run: change that file, not this one.\n${stringify(file)}`;
}

/** The kind of cluster that a stack file asks for, as far as the commands must know it. */
export function clusterKind(file: StackFile): string | undefined {
  const cluster = file.config[`${prefix}cluster`];
  if (isPlainMap(cluster)) return textOf(cluster["kind"]);
  // Pulumi also accepts an object written as JSON text.
  if (typeof cluster !== "string") return undefined;
  try {
    const parsed: unknown = parse(cluster);
    return isPlainMap(parsed) ? textOf(parsed["kind"]) : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
