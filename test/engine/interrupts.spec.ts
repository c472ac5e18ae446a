import { expect } from "chai";

import { at } from "../../stand-ins/kit/values.ts";
import { deploymentOf, recordedAs } from "./support/cluster.ts";
import { newStack } from "./support/fixture.ts";
import { eventually, processesWith } from "./support/processes.ts";
import type { Stack } from "./support/stack.ts";

/** Waits until the engine has begun to create the Deployment, whose pods start slowly. */
async function untilAwaited(stack: Stack): Promise<void> {
  await eventually("an update that waits for its Deployment", async () => {
    const { pending } = await stack.recorded();
    const begun = pending.some(({ resource }) => resource.urn.endsWith("Deployment::web"));
    return begun ? deploymentOf(stack) : undefined;
  });
}

describe("an update that is interrupted", () => {
  describe("by Ctrl-C while it waits", () => {
    let stack: Stack;

    before(async () => {
      stack = await newStack("cancelled");
      await stack.configure({ fate: "starts-slowly" });
    });

    it("ends without waiting for the Deployment and records what exists", async () => {
      const { child, result } = stack.start(["up", "--yes", "--skip-preview"]);
      await untilAwaited(stack);
      // A terminal sends SIGINT to the whole foreground group.
      process.kill(-(child.pid ?? 0), "SIGINT");
      const { code, output } = await result;
      expect(code).not.to.equal(0);
      expect(output).to.contain("cancelled while Deployment");
      const { id, initErrors } = await recordedAs(stack, "Deployment::web");
      expect(id).to.match(/\/web$/);
      expect(initErrors?.join()).to.contain("cancelled while Deployment");
      expect((await stack.recorded()).pending).to.deep.equal([]);
    });

    it("leaves no process behind", async () => {
      await eventually("the end of all processes", async () =>
        (await processesWith(stack.mark)).length === 0 ? true : undefined,
      );
    });

    it("is completed by the next update, which creates nothing twice", async () => {
      const before = await deploymentOf(stack);
      const { code, output } = await stack.up();
      expect(code, output).to.equal(0);
      expect(output).to.match(/~ \d updated/);
      const after = await deploymentOf(stack);
      expect(at(after, "metadata", "uid")).to.equal(at(before, "metadata", "uid"));
    });
  });

  describe("by kill -9 in the middle", () => {
    let stack: Stack;

    before(async () => {
      stack = await newStack("killed");
      await stack.configure({ fate: "starts-slowly" });
    });

    it("ends its plugins and leaves a pending operation", async () => {
      const { child, result } = stack.start(["up", "--yes", "--skip-preview"]);
      await untilAwaited(stack);
      child.kill("SIGKILL");
      await result;
      await eventually("the end of its plugins", async () =>
        (await processesWith(stack.mark)).length === 0 ? true : undefined,
      );
      const { pending, resources } = await stack.recorded();
      const ofDeployment = (urn: string) => urn.endsWith("Deployment::web");
      expect(pending.map(({ resource }) => resource.urn).filter(ofDeployment)).to.have.length(1);
      expect(resources.map(({ urn }) => urn).filter(ofDeployment)).to.have.length(0);
    });

    it("blocks the next update by its lock, and the error names pulumi cancel", async () => {
      const { code, output } = await stack.up();
      expect(code).not.to.equal(0);
      expect(output).to.contain("currently locked").and.to.contain("pulumi cancel");
    });

    it("is completed by the next update after pulumi cancel and refresh, which adopts existing objects", async () => {
      const before = await deploymentOf(stack);
      await stack.must(["cancel", "--yes"]);
      await stack.must(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
      // The image changes a field that the killed update owns.
      await stack.configure({ image: "registry.example/web:2", fate: "lives" });
      const { code, output } = await stack.up();
      expect(code, output).to.equal(0);
      const after = await deploymentOf(stack);
      expect(at(after, "metadata", "uid")).to.equal(at(before, "metadata", "uid"));
      expect((await stack.recorded()).pending).to.deep.equal([]);
      const preview = await stack.run(["preview", "--expect-no-changes"]);
      expect(preview.code, preview.output).to.equal(0);
    });
  });
});
