import type { Path } from "./values.ts";

/** Writes a property path as the engine does: `spec.ports[0].name`, `metadata.labels["a.b/c"]`. */
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
 * Reads a property path, as in the resource option `ignoreChanges`; `*` stands for every member.
 *
 * @throws {Error} when the text is no path.
 */
export function parsePath(text: string): Path {
  const path: (string | number)[] = [];
  stepPattern.lastIndex = 0;
  while (stepPattern.lastIndex < text.length) {
    const from = stepPattern.lastIndex;
    const match = stepPattern.exec(text);
    if (match === null) {
      throw new Error(
        `${JSON.stringify(text)} is no property path (at "${text.slice(from)}"): write it like spec.ports[0].name or metadata.labels["a.b"]`,
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

/** Tells whether `path` is `root` or lies under it; a `*` in `root` fits every step. */
export function liesUnder(path: Path, root: Path): boolean {
  return (
    root.length <= path.length &&
    root.every((step, index) => step === "*" || String(step) === String(path[index]))
  );
}
