/** Where the nodes are and how they are labelled. */
import { z } from "zod";

import type { KubernetesApi } from "../../kube/api.ts";
import type { NodeFacts } from "../../kube/nodes.ts";
import { UserError } from "../../messages/errors.ts";
import { contains, parseAddress, parseNetwork } from "../../net/addresses.ts";
import { type MinikubeRequest, runsContainers } from "./request.ts";

/** Annotation that lists the label keys this project set on a node, so that it can remove them. */
const labelled = "provenet/labels";

/** Path of a node in the API. */
export function nodePath(name: string): string {
  return `/api/v1/nodes/${encodeURIComponent(name)}`;
}

/**
 * Refuses nodes outside the requested network. minikube silently takes another network when the
 * requested one is in use, and virtual machines are in a network of the driver's choice.
 */
export function refuseOtherNetwork(
  request: Pick<MinikubeRequest, "nodeNetwork" | "driver">,
  nodes: readonly NodeFacts[],
): void {
  const network = parseNetwork(request.nodeNetwork);
  const elsewhere = nodes.filter(({ address }) => !contains(network, parseAddress(address)));
  const [first] = elsewhere;
  if (first === undefined) return;
  const found = elsewhere.map(({ name, address }) => `${name} at ${address}`).join(", ");
  if (!runsContainers(request.driver)) {
    const actual = `${first.address.split(".").slice(0, 3).join(".")}.0/24`;
    throw new UserError(
      `${request.driver} put ${found}, outside ${request.nodeNetwork}. The cluster is kept`,
      `set provenet:cluster.nodeNetwork to ${actual}, or to the network that ${request.driver} shows`,
    );
  }
  throw new UserError(
    `minikube did not use ${request.nodeNetwork} but put ${found}, because the network is in use`,
    "find its user with `docker network ls` and `ip route`, or change provenet:cluster.nodeNetwork",
  );
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
    const { annotations = {} } = (await api.get(nodePath(name), annotatedSchema))?.metadata ?? {};
    const patch = labelPatch(Object.fromEntries(wanted), annotations);
    if (patch !== undefined) await api.patch(nodePath(name), patch);
  }
}
