import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { expect } from "chai";
import ts from "typescript";

import { fieldsUnder } from "../../../stand-ins/gcp/declarations.ts";
import { parseShape, type Shape } from "../../../stand-ins/gcp/shapes.ts";

const folder = path.dirname(createRequire(import.meta.url).resolve("@pulumi/gcp/package.json"));
const read = (file: string) => readFileSync(path.join(folder, file), "latin1");

/** A type as the compiler reads it. */
function shapeOf(type: ts.TypeNode): Shape {
  if (type.kind === ts.SyntaxKind.StringKeyword) return { kind: "text" };
  if (type.kind === ts.SyntaxKind.NumberKeyword) return { kind: "number" };
  if (type.kind === ts.SyntaxKind.BooleanKeyword) return { kind: "truth" };
  if (type.kind === ts.SyntaxKind.AnyKeyword) return { kind: "anything" };
  if (ts.isParenthesizedTypeNode(type)) return shapeOf(type.type);
  if (ts.isArrayTypeNode(type)) return { kind: "list", of: shapeOf(type.elementType) };
  if (ts.isUnionTypeNode(type)) {
    const options = type.types
      .filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword)
      .map(shapeOf);
    const [only] = options;
    return options.length === 1 && only ? only : { kind: "either", options };
  }
  if (ts.isTypeLiteralNode(type)) {
    const [member] = type.members;
    if (!member || !ts.isIndexSignatureDeclaration(member)) throw new Error(type.getText());
    return { kind: "map", of: shapeOf(member.type) };
  }
  if (!ts.isTypeReferenceNode(type)) throw new Error(type.getText());
  const name = type.typeName.getText();
  const [argument] = type.typeArguments ?? [];
  if (argument && /^pulumi\.(In|Out)put$/.test(name)) return shapeOf(argument);
  if (/^pulumi\.asset\./.test(name)) return { kind: "asset" };
  return { kind: "object", type: name.replace(/^(inputs|outputs)\./, "") };
}

function fieldsOf(members: ts.NodeArray<ts.TypeElement | ts.ClassElement>) {
  const fields = members.flatMap((member) => {
    if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) return [];
    const modifiers = member.modifiers ?? [];
    if (!member.type || modifiers.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)) {
      return [];
    }
    const optional = member.questionToken !== undefined;
    return [[member.name.getText(), { optional, shape: shapeOf(member.type) }] as const];
  });
  return Object.fromEntries(fields);
}

/** What the stand-in reads, in the form of the compiler's answer. */
function readAs(text: string, heading: string) {
  const fields = fieldsUnder(text, heading);
  return (
    fields &&
    Object.fromEntries(
      [...fields].map(([name, { optional, shape }]) => [name, { optional, shape }]),
    )
  );
}

describe("the declarations of @pulumi/gcp", function () {
  this.timeout(120_000);

  it("are read as the compiler reads them, in every module that provenet uses", () => {
    const modules = ["container", "compute", "projects", "serviceaccount"].flatMap((module) =>
      readdirSync(path.join(folder, module))
        .filter((file) => file.endsWith(".d.ts") && file !== "index.d.ts" && !/^get/.test(file))
        .map((file) => `${module}/${file}`),
    );
    let compared = 0;
    for (const file of ["provider.d.ts", ...modules]) {
      const text = read(file);
      const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
      for (const statement of source.statements) {
        const isClass = ts.isClassDeclaration(statement);
        if (!isClass && !ts.isInterfaceDeclaration(statement)) continue;
        const name = statement.name?.text ?? "";
        const base = file === "provider.d.ts" ? "ProviderResource" : "CustomResource";
        const heading = isClass
          ? `export declare class ${name} extends pulumi.${base} {`
          : `export interface ${name} {`;
        const context = `${file} ${name}`;
        expect(readAs(text, heading), context).to.deep.equal(fieldsOf(statement.members));
        compared += 1;
      }
    }
    expect(compared).to.be.greaterThan(500);
  });

  for (const side of ["input", "output"]) {
    it(`are read as the compiler reads them, for every ${side} type`, () => {
      const text = read(`types/${side}.d.ts`);
      const source = ts.createSourceFile(side, text, ts.ScriptTarget.Latest, true);
      let compared = 0;
      for (const namespace of source.statements) {
        if (!ts.isModuleDeclaration(namespace) || !namespace.body) continue;
        if (!ts.isModuleBlock(namespace.body)) throw new Error(namespace.name.text);
        const inside = text.slice(namespace.getStart(), namespace.end);
        for (const type of namespace.body.statements) {
          if (!ts.isInterfaceDeclaration(type)) throw new Error(type.getText());
          const context = `${namespace.name.text}.${type.name.text}`;
          const heading = `    interface ${type.name.text} {`;
          expect(readAs(inside, heading), context).to.deep.equal(fieldsOf(type.members));
          compared += 1;
        }
      }
      expect(compared).to.be.greaterThan(3_000);
    });
  }
});

describe("parseShape", () => {
  for (const [type, shape] of [
    ["pulumi.Input<string | undefined>", { kind: "text" }],
    ["any", { kind: "anything" }],
    ["pulumi.Input<pulumi.Input<number>[]>", { kind: "list", of: { kind: "number" } }],
    [
      "(string | boolean)[]",
      { kind: "list", of: { kind: "either", options: [{ kind: "text" }, { kind: "truth" }] } },
    ],
    [
      '"REGULAR" | "STABLE"',
      {
        kind: "either",
        options: [
          { kind: "word", word: "REGULAR" },
          { kind: "word", word: "STABLE" },
        ],
      },
    ],
    ["{ [key: string]: pulumi.Input<string>; }", { kind: "map", of: { kind: "text" } }],
    ["inputs.container.ClusterFleet", { kind: "object", type: "container.ClusterFleet" }],
  ] as const) {
    it(`reads ${type}`, () => {
      expect(parseShape(type)).to.deep.equal(shape);
    });
  }

  for (const type of [
    "Date",
    "string &",
    "() => void",
    "pulumi.Input<string",
    "undefined",
    "string number",
    "toString",
  ]) {
    it(`refuses ${type}, so that nothing passes unchecked`, () => {
      expect(() => parseShape(type)).to.throw("cannot read the type");
    });
  }
});
