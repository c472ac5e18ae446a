import { expect } from "chai";

import { nodePortIsInRange as rule } from "../../../../policies/rules/services/node-port-is-in-range.ts";
import { messagesOf, unknown } from "../../support.ts";

const type = "kubernetes:core/v1:Service";
const run = (spec: unknown, configuration?: object) =>
  messagesOf(rule, { type, props: { spec } }, configuration);
const port = (nodePort: unknown) => ({ ports: [{ port: 80 }, { port: 81, nodePort }] });

describe("node-port-is-in-range", () => {
  for (const value of [30000, 31234, 32767, 0, unknown]) {
    it(`accepts ${String(value)}`, async () => {
      expect(await run(port(value))).to.deep.equal([]);
    });
  }

  for (const value of [29999, 32768, 80, 10250]) {
    it(`rejects ${String(value)}`, async () => {
      expect(await run(port(value))).to.deep.equal([
        `spec.ports[1].nodePort is ${String(value)}. Fix: set one from 30000 to 32767, or remove it`,
      ]);
    });
  }

  it("checks the health check's port", async () => {
    expect(await run({ healthCheckNodePort: 8080 })).to.deep.equal([
      "spec.healthCheckNodePort is 8080. Fix: set one from 30000 to 32767, or remove it",
    ]);
  });

  it("reads the range from its settings", async () => {
    const range = { first: 20000, last: 20100 };
    expect(await run(port(20000), range)).to.deep.equal([]);
    expect(await run(port(30000), range)).to.deep.equal([
      "spec.ports[1].nodePort is 30000. Fix: set one from 20000 to 20100, or remove it",
    ]);
  });

  it("ignores Services without ports and other kinds", async () => {
    for (const spec of [{}, { ports: unknown }, unknown]) expect(await run(spec)).to.be.empty;
    const props = { spec: port(80) };
    expect(await messagesOf(rule, { type: "kubernetes:core/v1:Pod", props })).to.deep.equal([]);
  });
});
