import { parseShape, type Shape } from "./shapes.ts";

/** A field of a declared interface or class. */
export interface Field {
  readonly optional: boolean;
  readonly shape: Shape;
  /** Whether the type includes `undefined`. */
  readonly mayBeAbsent: boolean;
  /** Values that the documentation lists as the possible ones. Empty when it lists none. */
  readonly words: readonly string[];
}

/** Fields by name. */
export type Fields = ReadonlyMap<string, Field>;

const fieldPattern = /^(?:readonly )?(\w+)(\??): (.+);$/;
const wordsPattern = /(?:Possible values are|Each value may be one of): ((?:`[^`]*`(?:, )?)+)\./;

/**
 * The fields of an interface or class in a declaration file of @pulumi/gcp. The files are generated, so
 * every declaration has the same layout. Loading the compiler takes longer than a whole preview's checks.
 *
 * @param heading the line that opens the declaration
 * @returns undefined when the text has no such declaration
 */
export function fieldsUnder(text: string, heading: string): Fields | undefined {
  const start = text.startsWith(heading) ? 0 : text.indexOf(`\n${heading}`) + 1;
  if (start === 0 && !text.startsWith(heading)) return undefined;
  const indent = /^ */.exec(heading)?.[0] ?? "";
  const end = text.indexOf(`\n${indent}}`, start);
  return fieldsOf(text.slice(start + heading.length, end), `${indent}    `);
}

function fieldsOf(body: string, indent: string): Fields {
  const fields = new Map<string, Field>();
  let comment = "";
  let statement = "";
  for (const line of body.split("\n")) {
    const inner = line.trim();
    if (/^(?:\/\*\*|\*)/.test(inner)) {
      comment = inner.startsWith("/**") ? inner : `${comment} ${inner.replace(/^\*\/? ?/, "")}`;
      continue;
    }
    if (!line.startsWith(indent)) continue;
    statement += inner;
    // A map spans lines, and ends at the indentation of its field.
    if (!statement.endsWith(";") || /^\s/.test(line.slice(indent.length))) continue;
    const [, name, mark, type] = fieldPattern.exec(statement) ?? [];
    if (name !== undefined && type !== undefined && !statement.startsWith("constructor")) {
      fields.set(name, fieldOf(mark === "?", type, comment));
    }
    statement = "";
    comment = "";
  }
  return fields;
}

function fieldOf(optional: boolean, type: string, comment: string): Field {
  const listed = wordsPattern.exec(comment)?.[1] ?? "";
  return {
    optional,
    shape: parseShape(type),
    mayBeAbsent: /\bundefined\b/.test(type),
    words: [...listed.matchAll(/`([^`]*)`/g)].map(([, word = ""]) => word),
  };
}
