import { expect } from "chai";
import { execa } from "execa";

import { engineNodeOptions } from "../../../cli/stack/nodeOptions.ts";
import { projectRoot } from "../../../cli/stack/project.ts";

describe("lazy messages", function () {
  this.timeout(60_000);

  /** Runs code with `Struct` and `Value` on the project's Node and returns what it prints as JSON. */
  async function run(code: string, options: string) {
    const prelude = `
      const { Struct, Value } = require("google-protobuf/google/protobuf/struct_pb.js");
      const deep = (depth) => (depth === 0 ? [true, null, 1.5, "é"] : { [depth]: deep(depth - 1), depth });
      const print = (value) => console.log(JSON.stringify(value));`;
    const { stdout } = await execa(process.execPath, ["--eval", `${prelude}\n${code}`], {
      cwd: projectRoot,
      env: { NODE_OPTIONS: options },
    });
    return JSON.parse(stdout) as unknown;
  }

  const cases = {
    "a value that is built and serialized":
      "print([...Struct.fromJavaScript(deep(12)).serializeBinary()])",
    "a value that is received":
      "const bytes = Struct.fromJavaScript(deep(12)).serializeBinary();" +
      "print(Struct.deserializeBinary(bytes).toJavaScript())",
    "an array": "print(Struct.fromJavaScript(deep(5)).toArray())",
    "a text": "print(String(Struct.fromJavaScript(deep(5))))",
    "a message that is changed inside another one":
      "const outer = Struct.fromJavaScript(deep(5));" +
      "outer.getFieldsMap().get('5').getStructValue().getFieldsMap().set('x', new Value().setNumberValue(7));" +
      "print([outer.toArray(), outer.toJavaScript(), [...outer.serializeBinary()]])",
    "a copy":
      "const outer = Struct.fromJavaScript(deep(5)); const copy = outer.clone();" +
      "outer.getFieldsMap().get('depth').setNumberValue(9); print([copy.toJavaScript(), outer.toJavaScript()])",
    "a comparison":
      "const { Message } = require('google-protobuf'); const of = (v) => Struct.fromJavaScript(v);" +
      "print([Message.equals(of(deep(5)), of(deep(5))), Message.equals(of(deep(5)), of(deep(4)))])",
  };
  for (const [what, code] of Object.entries(cases)) {
    it(`do not change ${what}`, async () => {
      expect(await run(code, engineNodeOptions(undefined))).to.deep.equal(await run(code, ""));
    });
  }

  it("complete arrays once, and not for each message around", async () => {
    const code = `
      const { Map } = require("google-protobuf");
      let visits = 0;
      const completing = Object.entries(Map.prototype).filter(([, f]) => f === Map.prototype.toArray);
      for (const [name, f] of completing) {
        Map.prototype[name] = function () { visits += 1; return f.call(this); };
      }
      const count = (depth) => { visits = 0; Struct.fromJavaScript(deep(depth)); return visits; };
      print([count(8), count(16)]);`;
    expect(await run(code, engineNodeOptions(undefined))).to.deep.equal([0, 0]);
    const [shallow = 0, deeper = 0] = (await run(code, "")) as number[];
    expect(deeper).to.be.greaterThan(3 * shallow);
  });
});
