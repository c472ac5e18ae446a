import { UserError } from "../../messages/errors.ts";
import type { Path } from "./values.ts";

/** A property path as the engine writes it, such as `metadata.labels["a.b/c"]`. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/[."[\]]/.test(step)) text += `["${step.replaceAll('"', '\\"')}"]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

const stepPattern = /\.?([^.[\]"]+)|\[(\d+)\]|\[\*\]|\["((?:[^"\\]|\\.)*)"\]/y;

/**
 * Parses a property path, as in the resource option `ignoreChanges`. `*` matches every member.
 *
 * @throws {UserError} when the text is not a path.
 */
export function parsePath(text: string): Path {
  const path: (string | number)[] = [];
  stepPattern.lastIndex = 0;
  while (stepPattern.lastIndex < text.length) {
    const from = stepPattern.lastIndex;
    const match = stepPattern.exec(text);
    if (match === null) {
      throw new UserError(
        `${JSON.stringify(text)} is not a property path (at "${text.slice(from)}")`,
        'write it as spec.ports[0].name or metadata.labels["a.b"]',
      );
    }
    const [whole, name, index, quoted] = match;
    if (name !== undefined) {
      path.push(name);
    } else if (index !== undefined) {
      path.push(Number(index));
    } else {
      path.push(
        quoted === undefined && whole === "[*]" ? "*" : (quoted ?? "").replaceAll('\\"', '"'),
      );
    }
  }
  return path;
}

/** Whether `path` is `root` or below it. A `*` in `root` matches every step. */
export function liesUnder(path: Path, root: Path): boolean {
  return (
    root.length <= path.length &&
    root.every((step, index) => step === "*" || String(step) === String(path[index]))
  );
}
