import { expect } from "chai";

import { nodePortIsInRange as rule } from "../../../../policies/rules/services/node-port-is-in-range.ts";
import { messagesOf, unknown } from "../../support.ts";

const type = "kubernetes:core/v1:Service";
const ask = (spec: unknown, configuration?: object) =>
  messagesOf(rule, { type, props: { spec } }, configuration);
const port = (nodePort: unknown) => ({ ports: [{ port: 80 }, { port: 81, nodePort }] });

describe("node-port-is-in-range", () => {
  for (const value of [30000, 31234, 32767, 0, unknown]) {
    it(`takes ${String(value)}`, async () => {
      expect(await ask(port(value))).to.deep.equal([]);
    });
  }

  for (const value of [29999, 32768, 80, 10250]) {
    it(`refuses ${String(value)}`, async () => {
      expect(await ask(port(value))).to.deep.equal([
        `spec.ports[1].nodePort is ${String(value)}; set one from 30000 to 32767, or none`,
      ]);
    });
  }

  it("looks at the health check's port", async () => {
    expect(await ask({ healthCheckNodePort: 8080 })).to.deep.equal([
      "spec.healthCheckNodePort is 8080; set one from 30000 to 32767, or none",
    ]);
  });

  it("takes another range", async () => {
    const range = { first: 20000, last: 20100 };
    expect(await ask(port(20000), range)).to.deep.equal([]);
    expect(await ask(port(30000), range)).to.deep.equal([
      "spec.ports[1].nodePort is 30000; set one from 20000 to 20100, or none",
    ]);
  });

  it("says nothing of Services without ports, and of other kinds", async () => {
    for (const spec of [{}, { ports: unknown }, unknown]) expect(await ask(spec)).to.be.empty;
    const props = { spec: port(80) };
    expect(await messagesOf(rule, { type: "kubernetes:core/v1:Pod", props })).to.deep.equal([]);
  });
});
