/** Nodes as a cluster's program reports them. */
import { unknownKernel } from "../../kube/kernel.ts";
import type { NodeFacts } from "../../kube/nodes.ts";

/** A node that runs pods, with other facts. */
export const nodeWith = (facts: Partial<NodeFacts> = {}): NodeFacts => ({
  name: "one",
  address: "192.0.2.1",
  labels: {},
  taints: [],
  architecture: "amd64",
  kernelVersion: "6.6.95",
  ...facts,
});

/** What the programs of every kind of cluster print about one node. */
export const nodesStdout = JSON.stringify({
  schemaVersion: 1,
  profile: "provenet",
  nodes: [nodeWith()],
  kernel: { ...unknownKernel, vxlan: "yes" },
});
