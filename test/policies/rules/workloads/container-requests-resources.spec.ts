import { expect } from "chai";

import { containerRequestsResources as rule } from "../../../../policies/rules/workloads/container-requests-resources.ts";
import { changed, container, deployment, messagesOf, unknown } from "../../support.ts";

const resources = [...container, "resources"];
const path = "spec.template.spec.containers[0].resources.requests";

describe("container-requests-resources", () => {
  for (const [what, value] of [
    ["requests", { requests: { cpu: "50m", memory: "64Mi" } }],
    ["a number of processors", { requests: { cpu: 0.5, memory: "64Mi" } }],
    ["limits, which Kubernetes uses as requests", { limits: { cpu: 1, memory: "1Gi" } }],
    ["a request and a limit", { requests: { cpu: "1" }, limits: { memory: "1Gi" } }],
    ["an unknown request", { requests: { cpu: unknown, memory: "64Mi" } }],
    ["unknown resources", unknown],
  ] as const) {
    it(`accepts ${what}`, async () => {
      expect(await messagesOf(rule, changed(deployment, resources, value))).to.deep.equal([]);
    });
  }

  it("names each missing request", async () => {
    expect(await messagesOf(rule, changed(deployment, resources, undefined))).to.deep.equal([
      `${path}.cpu is not set. Fix: set what the container needs, such as "50m"`,
      `${path}.memory is not set. Fix: set what the container needs, such as "64Mi"`,
    ]);
  });

  for (const zero of ["0", "0m", 0]) {
    it(`rejects a request of ${JSON.stringify(zero)}`, async () => {
      const subject = changed(deployment, [...resources, "requests", "cpu"], zero);
      const messages = await messagesOf(rule, subject);
      expect(messages).to.deep.equal([
        `${path}.cpu is 0. Fix: set what the container needs, such as "50m"`,
      ]);
    });
  }

  it("checks init containers and Jobs", async () => {
    const init = [...container.slice(0, 3), "initContainers"];
    const messages = await messagesOf(rule, changed(deployment, init, [{ name: "wait" }]));
    expect(messages.map((message) => message.split(" ")[0])).to.deep.equal([
      "spec.template.spec.initContainers[0].resources.requests.cpu",
      "spec.template.spec.initContainers[0].resources.requests.memory",
    ]);
    const job = { ...deployment, type: "kubernetes:batch/v1:Job" };
    expect(await messagesOf(rule, job)).to.deep.equal([]);
    expect(await messagesOf(rule, changed(job, resources, {}))).to.have.length(2);
  });

  it("reads the resources from its settings", async () => {
    const configuration = { resources: ["cpu", "ephemeral-storage"] };
    expect(await messagesOf(rule, deployment, configuration)).to.deep.equal([
      `${path}["ephemeral-storage"] is not set. Fix: set what the container needs, such as "1"`,
    ]);
  });

  it("ignores other kinds", async () => {
    expect(await messagesOf(rule, { ...deployment, type: "example:apps:Deployment" })).to.be.empty;
  });
});
