import { expect } from "chai";

import { asText, at } from "../../stand-ins/kit/values.ts";
import {
  changeBehindTheBack,
  deploymentOf,
  deploymentPath,
  namespaceOf,
  objectAt,
  recordedAs,
} from "./support/cluster.ts";
import { controlPlane, newStack } from "./support/fixture.ts";
import type { Stack } from "./support/stack.ts";

describe("a stack's life with the real engine", () => {
  let stack: Stack;

  before(async () => {
    stack = await newStack("lifecycle");
  });

  it("previews a first update without creating anything", async () => {
    const { code, output } = await stack.run(["preview"]);
    expect(output).to.contain("+ 10 to create");
    expect(code).to.equal(0);
    expect((await stack.recorded()).resources).to.deep.equal([]);
    const found = await objectAt("/api/v1/namespaces?labelSelector=lifecycle");
    expect(at(found, "items")).to.deep.equal([]);
    expect(await objectAt("/apis/lifecycle.example.com/v1")).to.equal(undefined);
  });

  it("creates everything, waits until it is ready, and returns the outputs", async () => {
    const { code, output } = await stack.up();
    expect(output).to.contain("+ 10 created");
    expect(code).to.equal(0);
    expect(at(await deploymentOf(stack), "status", "availableReplicas")).to.equal(2);
    const service = await objectAt(`/api/v1/namespaces/${await namespaceOf(stack)}/services/web`);
    const address = asText(at(service, "spec", "clusterIP")) ?? "";
    const outputs = await stack.must(["stack", "output", "--json", "--show-secrets"]);
    expect(JSON.parse(outputs.output)).to.deep.equal({
      address,
      proved: `proved ${address}`,
    });
  });

  it("records ids as namespace and name, as the official plugin does", async () => {
    const namespace = await namespaceOf(stack);
    expect(namespace).to.match(/^shop-[0-9a-f]{8}$/);
    expect((await recordedAs(stack, "Deployment::web")).id).to.equal(`${namespace}/web`);
    expect((await recordedAs(stack, "Command::proof")).id).to.match(/^proof[0-9a-f]{8}$/);
  });

  it("previews no changes when nothing has changed", async () => {
    const { code, output } = await stack.run(["preview", "--expect-no-changes"]);
    expect(output).to.contain("10 unchanged");
    expect(code).to.equal(0);
  });

  it("previews no changes after a refresh when nothing has changed", async () => {
    const refresh = await stack.run(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
    expect(refresh.code, refresh.output).to.equal(0);
    const { code, output } = await stack.up("--expect-no-changes");
    expect(output).to.contain("10 unchanged");
    expect(code).to.equal(0);
  });

  it("changes a Service and a Deployment in place", async () => {
    const before = await deploymentOf(stack);
    await stack.configure({ replicas: "3", note: "second" });
    const { code, output } = await stack.up();
    expect(output).to.contain("~ 2 updated").and.to.contain("8 unchanged");
    expect(code).to.equal(0);
    const after = await deploymentOf(stack);
    expect(at(after, "metadata", "uid")).to.equal(at(before, "metadata", "uid"));
    expect(at(after, "status", "availableReplicas")).to.equal(3);
    const path = `/api/v1/namespaces/${await namespaceOf(stack)}/services/web`;
    expect(at(await objectAt(path), "metadata", "annotations", "example.com/note")).to.equal(
      "second",
    );
  });

  it("creates a ConfigMap's replacement under a new name before deleting the old one", async () => {
    const before = await recordedAs(stack, "ConfigMap::settings");
    await stack.configure({ message: "goodbye" });
    const { code, output } = await stack.up();
    expect(output).to.contain("+-1 replaced").and.to.contain("~ 1 updated");
    expect(code).to.equal(0);
    const after = await recordedAs(stack, "ConfigMap::settings");
    expect(after.id).not.to.equal(before.id);
    const at404 = (id = "") => `/api/v1/namespaces/${id.replace("/", "/configmaps/")}`;
    expect(await objectAt(at404(before.id))).to.equal(undefined);
    expect(at(await objectAt(at404(after.id)), "data", "message")).to.equal("goodbye");
  });

  it("deletes a Deployment with a fixed name before creating its replacement", async () => {
    const before = await deploymentOf(stack);
    await stack.configure({ app: "other" });
    const preview = await stack.run(["preview"]);
    expect(preview.output).to.contain("+-2 to replace");
    expect(preview.code).to.equal(0);
    const { code, output } = await stack.up();
    expect(output).to.match(/deleted original[^]*created replacement/);
    expect(code).to.equal(0);
    const after = await deploymentOf(stack);
    expect(at(after, "metadata", "uid")).not.to.equal(at(before, "metadata", "uid"));
    expect(at(after, "spec", "selector", "matchLabels", "app")).to.equal("other");
  });

  it("detects and reverts a change made outside Pulumi", async () => {
    await changeBehindTheBack(await deploymentPath(stack), { spec: { replicas: 1 } });
    const unseen = await stack.run(["preview", "--expect-no-changes"]);
    expect(unseen.code, unseen.output).to.equal(0);
    const refresh = await stack.run(["refresh", "--yes", "--skip-preview"]);
    expect(refresh.output).to.contain("~ 1 updated");
    const preview = await stack.run(["preview", "--diff"]);
    expect(preview.output).to.contain("~ replicas: 1 => 3");
    const { code, output } = await stack.up();
    expect(output).to.contain("~ 1 updated");
    expect(code).to.equal(0);
    expect(at(await deploymentOf(stack), "spec", "replicas")).to.equal(3);
  });

  it("recreates an object that was deleted outside Pulumi", async () => {
    const path = await deploymentPath(stack);
    await controlPlane().api.request({ method: "DELETE", path });
    const refresh = await stack.run(["refresh", "--yes", "--skip-preview"]);
    expect(refresh.output).to.contain("- 1 deleted");
    const { code, output } = await stack.up();
    expect(output).to.contain("+ 1 created");
    expect(code).to.equal(0);
    expect(at(await deploymentOf(stack), "status", "availableReplicas")).to.equal(3);
  });

  it("destroys everything and leaves nothing behind", async () => {
    const namespace = await namespaceOf(stack);
    const { code, output } = await stack.run(["destroy", "--yes", "--skip-preview"]);
    expect(output).to.contain("- 10 deleted");
    expect(code).to.equal(0);
    expect(await objectAt(`/api/v1/namespaces/${namespace}`)).to.equal(undefined);
    expect(await objectAt("/apis/lifecycle.example.com/v1")).to.equal(undefined);
    expect((await stack.recorded()).resources).to.deep.equal([]);
  });
});
