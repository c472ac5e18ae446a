import type { z } from "zod";

/** One error in a value: its place, and a reason that says what to write. */
export interface Fault {
  readonly propertyPath: string;
  readonly reason: string;
}

/** One indented line per fault, the place before the reason. */
export function describeFaults(faults: readonly Fault[]): string {
  return faults.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`).join("\n");
}

/**
 * The faults of a value that a zod schema refused. Each reason shows what was found, then the
 * schema's message. A message that starts with the value already shows it. An unknown key is a fault
 * of that key.
 *
 * @param prefix what stands before each path, such as `provenet:cluster`
 */
export function faultsOfZod(error: z.ZodError, value: unknown, prefix: string): Fault[] {
  return error.issues.flatMap((issue) => {
    const { path, message } = issue;
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    if (keys.length === 0) return [faultAt(path, reasonOf(valueAt(value, path), message))];
    return keys.map((key) => faultAt([...path, key], `is not a known key; ${message}`));
  });

  function faultAt(path: readonly PropertyKey[], reason: string): Fault {
    return { propertyPath: `${prefix}${formatPath(path)}`, reason };
  }
}

function reasonOf(value: unknown, message: string): string {
  const isShown = typeof value === "string" && message.startsWith(`"${value}"`);
  return isShown ? message : `${shown(value)}; ${message}`;
}

/** `.name` for a key, `[0]` for a position and `["a/b"]` for a key that is no identifier. */
function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      const name = String(step);
      return /^\w+$/.test(name) ? `.${name}` : `["${name}"]`;
    })
    .join("");
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === "object" && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[step]
        : undefined,
    value,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return "is missing";
  const text = JSON.stringify(value);
  return `got ${text.length > 80 ? `${text.slice(0, 77)}...` : text}`;
}
