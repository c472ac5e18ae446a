/** Properties of a resource in a preview, one line each. Secrets and unknown values stay hidden. */
import type { PropertyDiff } from "@pulumi/pulumi/automation/events.js";

type Properties = Readonly<Record<string, unknown>>;

interface State {
  readonly inputs: Properties;
}

/** Marks that the engine puts in place of values. Both are part of its serialization format. */
const secretKey = "4dabf18193072939515e22adb298388d";
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const knownAfterUp = "(known after up)";

const maxLength = 80;

/** `path: value` for each property of a new resource. */
export function newProperties(inputs: Properties): string[] {
  return [...flatten(inputs)]
    .filter(([path]) => path !== "apiVersion" && path !== "kind")
    .map(([path, value]) => `${path}: ${shorten(value)}`);
}

/**
 * `path: old => new` for each property that differs. A property that the engine reports and that
 * shows no difference is secret or drifted, and is named without its value.
 */
export function changedProperties(
  before: State,
  after: State,
  detailed: Readonly<Record<string, PropertyDiff>>,
): string[] {
  const now = flatten(opened(after.inputs));
  const old = flatten(opened(before.inputs));
  collapseUnknown(old, now);
  const replaces = Object.entries(detailed)
    .filter(([, { diffKind }]) => diffKind.endsWith("-replace"))
    .map(([path]) => path);
  const remark = (path: string) =>
    replaces.some((cause) => isWithin(path, cause)) ? "  (forces replacement)" : "";
  const paths = [...new Set([...old.keys(), ...now.keys()])].filter(
    (path) => old.get(path) !== now.get(path),
  );
  const lines = paths.map(
    (path) => `${path}: ${change(old.get(path), now.get(path))}${remark(path)}`,
  );
  const hidden = Object.keys(detailed)
    .filter((cause) => !paths.some((path) => isWithin(path, cause) || isWithin(cause, path)))
    .map((cause) => `${cause}: changes, value not shown${remark(cause)}`);
  return [...lines, ...hidden];
}

/** Gives each value that is unknown now one line, although it had members before. */
function collapseUnknown(old: Map<string, string>, now: ReadonlyMap<string, string>): void {
  const unknown = [...now].filter(([, text]) => text === knownAfterUp).map(([path]) => path);
  for (const path of [...old.keys()]) {
    const root = unknown.find((outer) => path !== outer && isWithin(path, outer));
    if (root === undefined) continue;
    old.delete(path);
    old.set(root, "…");
  }
}

const isWithin = (path: string, outer: string) =>
  path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);

/** Paths and shown values of everything that is no map and no list of maps. */
function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (!isBranch(value)) return into.set(path, show(value));
  for (const [key, inner] of Object.entries(value)) {
    if (key === "__defaults") continue;
    const step = Array.isArray(value) ? `[${key}]` : /^\w+$/.test(key) ? `.${key}` : `["${key}"]`;
    flatten(inner, `${path}${step}`.replace(/^\./, ""), into);
  }
  return into;
}

/** The value with JSON objects in place of their texts, such as those in the environment of a command. */
function opened(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith("{") ? parsed(value) : value;
  if (typeof value !== "object" || value === null || secretKey in value) return value;
  if (Array.isArray(value)) return value.map(opened);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, opened(inner)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isBranch(value: unknown): value is object {
  if (typeof value !== "object" || value === null || secretKey in value) return false;
  const inner: unknown[] = Object.values(value);
  return Array.isArray(value) ? inner.some(isBranch) : inner.length > 0;
}

function show(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null) return inner;
    return secretKey in inner ? "[secret]" : inner;
  });
  if (text === '"[secret]"') return "[secret]";
  return text.replaceAll(`"${unknownValue}"`, knownAfterUp);
}

function change(old: string | undefined, now: string | undefined): string {
  if (old === undefined) return `added ${shorten(now ?? "")}`;
  if (now === undefined) return `removed ${shorten(old)}`;
  const start = commonStart(old, now);
  return `${shorten(old, start)} => ${shorten(now, start)}`;
}

/** Where two long values begin to differ, less some context. */
function commonStart(old: string, now: string): number {
  if (Math.max(old.length, now.length) <= maxLength) return 0;
  let position = 0;
  while (position < old.length && old[position] === now[position]) position += 1;
  return Math.max(0, position - 20);
}

function shorten(text: string, start = 0): string {
  const head = start > 0 ? "…" : "";
  const tail = text.length > start + maxLength ? "…" : "";
  return `${head}${text.slice(start, start + maxLength)}${tail}`;
}
