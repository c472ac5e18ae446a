/** What a declared type accepts. */
export type Shape =
  | { readonly kind: "text" | "number" | "truth" | "anything" | "asset" }
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "list" | "map"; readonly of: Shape }
  | { readonly kind: "object"; readonly type: string }
  | { readonly kind: "either"; readonly options: readonly Shape[] };

const named: Readonly<Record<string, Shape>> = {
  string: { kind: "text" },
  number: { kind: "number" },
  boolean: { kind: "truth" },
  any: { kind: "anything" },
  "pulumi.asset.Asset": { kind: "asset" },
  "pulumi.asset.Archive": { kind: "asset" },
};

const tokenPattern = /\s*([A-Za-z_$][\w$.]*|"[^"]*"|'[^']*'|[<>[\](){}|:;])/y;

/**
 * Reads a type as @pulumi/gcp writes it, such as `pulumi.Input<pulumi.Input<string>[] | undefined>`.
 *
 * @throws {Error} for any other syntax, so that nothing passes unchecked
 */
export function parseShape(text: string): Shape {
  const tokens = tokensOf(text);
  let position = 0;
  const peek = () => tokens[position];
  const take = (expected?: string): string => {
    const token = tokens[position++];
    if (token === undefined || (expected !== undefined && token !== expected)) throw unread(text);
    return token;
  };

  function union(): Shape {
    const options = [element()];
    while (peek() === "|") {
      take();
      options.push(element());
    }
    const present = options.filter((option) => option !== absent);
    const [first, ...others] = present;
    if (first === undefined) throw unread(text);
    return others.length === 0 ? first : { kind: "either", options: present };
  }

  function element(): Shape {
    let shape = single();
    while (peek() === "[") {
      take();
      take("]");
      shape = { kind: "list", of: shape };
    }
    return shape;
  }

  function single(): Shape {
    const token = take();
    if (token === "(") return closed(")");
    if (token === "{") return map();
    if (token === "undefined") return absent;
    if (/^["']/.test(token)) return { kind: "word", word: token.slice(1, -1) };
    if (token === "pulumi.Input" || token === "pulumi.Output") {
      take("<");
      return closed(">");
    }
    const object = /^(?:inputs|outputs)\.(.+)$/.exec(token);
    if (object?.[1] !== undefined) return { kind: "object", type: object[1] };
    const shape = Object.hasOwn(named, token) ? named[token] : undefined;
    if (shape === undefined) throw unread(text);
    return shape;
  }

  function closed(end: string): Shape {
    const shape = union();
    take(end);
    return shape;
  }

  function map(): Shape {
    for (const token of ["[", "key", ":", "string", "]", ":"]) take(token);
    const of = union();
    if (peek() === ";") take();
    take("}");
    return { kind: "map", of };
  }

  const shape = union();
  if (position !== tokens.length) throw unread(text);
  return shape;
}

/** The type `undefined`, which leaves no trace in a shape: a field says whether it is optional. */
const absent: Shape = { kind: "anything" };

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < end) {
    const token = tokenPattern.exec(text)?.[1];
    if (token === undefined) throw unread(text);
    tokens.push(token);
  }
  return tokens;
}

function unread(text: string): Error {
  return new Error(
    `cannot read the type ${text} of @pulumi/gcp. This is a bug in provenet. Report it with the version of @pulumi/gcp.`,
  );
}
