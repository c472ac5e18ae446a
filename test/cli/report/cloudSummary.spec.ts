import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { expect } from "chai";

import { cloudLines } from "../../../cli/report/cloudSummary.ts";
import { recordProgram } from "../../support/program.ts";
import type { Recorded } from "../../support/recording.ts";

/** The engine's plan for the resources of the gke stack. */
const planOf = (resources: readonly Recorded[], op = "create"): EngineEvent[] =>
  resources.map(({ type, name, inputs }) => {
    const metadata = {
      op,
      type,
      urn: `urn:pulumi:gke::provenet::${type}::${name}`,
      new: { inputs },
    };
    return { resourcePreEvent: { metadata } } as unknown as EngineEvent;
  });

describe("the summary of a preview in Google Cloud", () => {
  it("says where the cluster is, how large, who reaches what, and what is billed", async () => {
    const { resources } = await recordProgram("gke");
    expect(cloudLines(planOf(resources))).to.deep.equal([
      "cluster     provenet in europe-west1, channel REGULAR, CALICO network policy, cannot be deleted",
      "nodes       1 × e2-standard-4 (UBUNTU_CONTAINERD) in each of europe-west1-b, europe-west1-c",
      "networks    nodes 10.10.0.0/20, pods 10.12.0.0/14, services 10.16.0.0/20, control plane 172.16.0.0/28",
      "API server  reached by its DNS name, after Google's sign-in, at a private address",
      "internet    no node has a public address, nodes reach it through Cloud NAT",
      "webhooks    172.16.0.0/28 reaches the nodes' tcp 8443, 9443",
      "Services    everybody reaches provenet-ingress, provenet-web",
      "billed      1 regional control plane, 2 nodes, 2 disks of 50 GB (pd-balanced), 1 NAT gateway, 2 addresses, 2 load balancers",
    ]);
  });

  it("counts a resource that is replaced once", async () => {
    const { resources } = await recordProgram("gke");
    const once = cloudLines(planOf(resources));
    const steps = [...planOf(resources, "create-replacement"), ...planOf(resources, "replace")];
    expect(cloudLines(steps)).to.deep.equal(once);
  });

  it("is left out when nothing in the cloud changes, and for any other stack", async () => {
    const { resources } = await recordProgram("gke");
    expect(cloudLines(planOf(resources, "same"))).to.deep.equal([]);
    expect(cloudLines(planOf((await recordProgram("dev")).resources))).to.deep.equal([]);
  });
});
