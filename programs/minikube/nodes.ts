/** How many nodes the cluster has, where they are and how they are labelled. */
import { z } from "zod";

import type { KubernetesApi } from "../../kube/api.ts";
import type { NodeFacts } from "../../kube/nodes.ts";
import { contains, parseAddress, parseNetwork } from "../../net/addresses.ts";
import type { Progress } from "./events.ts";
import { addNode, deleteNode, findProfile } from "./minikube.ts";
import type { MinikubeRequest } from "./request.ts";

/** Annotation that lists the label keys this project set on a node, so that it can remove them. */
const labelled = "provenet/labels";

/** Adds nodes, or deletes the last ones, until the number is the requested one. */
export async function resize(request: MinikubeRequest, progress: Progress): Promise<void> {
  const nodes = (await findProfile(request))?.nodes ?? [];
  for (let count = nodes.length; count < request.nodes; count++) {
    progress(`adding node ${count + 1} of ${request.nodes}`);
    await addNode(request);
  }
  for (const node of nodes.slice(request.nodes).reverse()) {
    progress(`deleting node ${node}`);
    await deleteNode(request, node);
  }
}

/** The nodes outside the requested network. */
export function nodesElsewhere(
  { nodeNetwork }: Pick<MinikubeRequest, "nodeNetwork">,
  nodes: readonly NodeFacts[],
): NodeFacts[] {
  const network = parseNetwork(nodeNetwork);
  return nodes.filter(({ address }) => !contains(network, parseAddress(address)));
}

/** The merge patch that sets a node's labels and removes the ones that this project set before. */
export function labelPatch(
  wanted: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
): object | undefined {
  const before = (annotations[labelled] ?? "").split(",").filter((key) => key !== "");
  const keys = Object.keys(wanted).sort();
  if (keys.length === 0 && before.length === 0) return undefined;
  const gone = before.filter((key) => !keys.includes(key)).map((key) => [key, null] as const);
  return {
    metadata: {
      labels: { ...Object.fromEntries(gone), ...wanted },
      annotations: { [labelled]: keys.length === 0 ? null : keys.join(",") },
    },
  };
}

const annotatedSchema = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
});

/** Labels the nodes. They are sorted by name, so the control plane is the first. */
export async function label(
  request: MinikubeRequest,
  api: KubernetesApi,
  nodes: readonly NodeFacts[],
): Promise<void> {
  for (const [position, { name }] of nodes.entries()) {
    const wanted = Object.entries(request.labels).flatMap(([key, values]) => {
      const value = values[position];
      return value === undefined ? [] : [[key, value] as const];
    });
    const path = `/api/v1/nodes/${encodeURIComponent(name)}`;
    const { annotations = {} } = (await api.get(path, annotatedSchema))?.metadata ?? {};
    const patch = labelPatch(Object.fromEntries(wanted), annotations);
    if (patch !== undefined) await api.patch(path, patch);
  }
}
