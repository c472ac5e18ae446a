import { expect } from "chai";
import fc from "fast-check";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

import {
  decode,
  encode,
  hasUnknown,
  isUnknown,
  unknownMark,
} from "../../../stand-ins/kit/properties.ts";
import {
  at,
  equal,
  type Path,
  type Properties,
  type Value,
} from "../../../stand-ins/kit/values.ts";

const signatureKey = "4dabf18193072939515e22adb298388d";

const bags = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 6 }).filter((name) => name !== "__proto__"),
  fc.jsonValue({ maxDepth: 3, noUnicodeString: true }).map((value) => {
    // The wire knows no negative zero, and JSON no key that is the prototype's.
    const text = JSON.stringify(value).replaceAll("__proto__", "proto");
    return JSON.parse(text) as Value;
  }),
) as fc.Arbitrary<Properties>;

function pathsIn(value: Value, path: Path = []): Path[] {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [
    ...(path.length > 0 ? [path] : []),
    ...members.flatMap(([key, member]) =>
      pathsIn(member, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

const over = (text: string) => JSON.parse(text) as Properties;

describe("properties on the wire", () => {
  it("are unchanged by encoding and decoding", () => {
    fc.assert(
      fc.property(bags, (bag) => {
        const { value, secrets } = decode(encode(bag));
        expect(equal(value, bag)).to.equal(true);
        expect(secrets).to.deep.equal([]);
      }),
    );
  });

  it("keep the paths of all secrets", () => {
    fc.assert(
      fc.property(bags, fc.infiniteStream(fc.boolean()), (bag, coins) => {
        const secret = pathsIn(bag).filter(() => coins.next().value);
        const { value, secrets } = decode(encode(bag, secret));
        expect(equal(value, bag)).to.equal(true);
        expect(new Set(secrets.map((path) => JSON.stringify(path)))).to.deep.equal(
          new Set(secret.map((path) => JSON.stringify(path))),
        );
      }),
    );
  });

  it("contain a secret only inside its mark", () => {
    const wire = encode({ a: { token: "s3cret" }, b: "plain" }, [["a", "token"]]).toJavaScript();
    expect(at(wire, "a", "token", "value")).to.equal("s3cret");
    expect(at(wire, "a", "token", signatureKey)).to.equal("1b47061264138c4ac30d75fd1eb44270");
    expect(at(wire, "b")).to.equal("plain");
  });

  it("ignore a secret path that does not exist", () => {
    expect(decode(encode({ a: 1 }, [["b"]]))).to.deep.equal({ value: { a: 1 }, secrets: [] });
  });

  it("decode an output to its value, or to unknown", () => {
    const output = (more: object) =>
      struct.Struct.fromJavaScript({
        a: { [signatureKey]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...more },
      });
    expect(decode(output({ value: "x", secret: true }))).to.deep.equal({
      value: { a: "x" },
      secrets: [["a"]],
    });
    expect(decode(output({}))).to.deep.equal({ value: { a: unknownMark }, secrets: [] });
  });

  it("detect unknown values at any depth", () => {
    expect(isUnknown(unknownMark)).to.equal(true);
    expect(isUnknown("04da6b54")).to.equal(false);
    expect(hasUnknown({ a: [{ b: unknownMark }] })).to.equal(true);
    expect(hasUnknown({ a: [{ b: "known" }, null, 0] })).to.equal(false);
  });

  it("are empty without a message", () => {
    expect(decode(undefined)).to.deep.equal({ value: {}, secrets: [] });
    expect(over("{}")).to.deep.equal({});
  });
});
