import { expect } from "chai";

import { imageIsPinned as rule } from "../../../../policies/rules/images/image-is-pinned.ts";
import { changed, container, deployment, messagesOf, unknown } from "../../support.ts";

const image = [...container, "image"];
const path = "spec.template.spec.containers[0].image";

describe("image-is-pinned", () => {
  const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
  for (const [what, value] of [
    ["a digest", `registry.example/web@${digest}`],
    ["a tag and a digest", `registry.example:5000/a/web:1.0@${digest}`],
    ["a version that the lab built", "provenet.lab/web:1.22"],
    ["an unknown value", unknown],
  ] as const) {
    it(`accepts ${what}`, async () => {
      expect(await messagesOf(rule, changed(deployment, image, value))).to.deep.equal([]);
    });
  }

  for (const [what, value] of [
    ["a tag", "registry.example/web:1.0"],
    ["no tag", "nginx"],
    ["a digest that is too short", "nginx@sha256:0123"],
    ["the lab's name without a version", "provenet.lab/web"],
    ["the lab's name with latest", "provenet.lab/web:latest"],
    ["a registry whose name starts with the lab's", "provenet.lab.example/web:1.0"],
    ["the lab's name later in the path", "registry.example/provenet.lab/web:1.0"],
  ] as const) {
    it(`rejects ${what}`, async () => {
      const messages = await messagesOf(rule, changed(deployment, image, value));
      expect(messages).to.have.length(1);
      expect(messages[0]).to.match(
        /^spec\.template\.spec\.containers\[0\]\.image is .*. Fix: set NAME@/,
      );
      expect(messages[0]).to.contain(value);
    });
  }

  it("rejects a container without an image", async () => {
    const [message] = await messagesOf(rule, changed(deployment, image, undefined));
    expect(message).to.contain(`${path} is not set. Fix: set NAME@sha256:DIGEST`);
  });

  it("checks init containers, Pods, Jobs and CronJobs", async () => {
    const init = [{ name: "init", image: "busybox" }];
    const template = { spec: { containers: [], initContainers: init } };
    const path = "spec.initContainers[0].image is busybox";
    const cases = [
      ["kubernetes:core/v1:Pod", template, path],
      ["kubernetes:batch/v1:Job", { spec: { template } }, `spec.template.${path}`],
      [
        "kubernetes:batch/v1:CronJob",
        { spec: { jobTemplate: { spec: { template } } } },
        `spec.jobTemplate.spec.template.${path}`,
      ],
    ] as const;
    for (const [type, props, start] of cases) {
      const [message, ...further] = await messagesOf(rule, { type, props });
      expect(message, type).to.satisfy((text: string) => text.startsWith(start));
      expect(further).to.deep.equal([]);
    }
  });

  it("reads the lab's registry from its settings", async () => {
    const subject = changed(deployment, image, "other.lab/web:1");
    expect(await messagesOf(rule, subject, { labRegistry: "other.lab" })).to.deep.equal([]);
    expect(await messagesOf(rule, subject)).to.have.length(1);
  });

  it("ignores other kinds, patches and unknown templates", async () => {
    const props = changed(deployment, image, "nginx").props;
    for (const type of ["kubernetes:core/v1:Service", "kubernetes:apps/v1:DeploymentPatch"]) {
      expect(await messagesOf(rule, { type, props })).to.deep.equal([]);
    }
    for (const keys of [["spec"], ["spec", "template"], container.slice(0, -1), container]) {
      expect(await messagesOf(rule, changed(deployment, keys, unknown))).to.deep.equal([]);
    }
  });

  it("checks the second container when the first is unknown", async () => {
    const containers = [unknown, { name: "b", image: "nginx" }];
    const [message] = await messagesOf(
      rule,
      changed(deployment, container.slice(0, -1), containers),
    );
    expect(message).to.contain("containers[1].image is nginx");
  });
});
