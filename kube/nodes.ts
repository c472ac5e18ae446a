/** What a cluster's API server knows about its nodes. */
import { z } from "zod";

import { CouldNotAsk } from "../messages/errors.ts";
import type { KubernetesApi } from "./api.ts";

const taintSchema = z.object({
  key: z.string(),
  value: z.string().optional(),
  effect: z.string(),
});

/** Schema of {@link NodeFacts}. */
export const nodeFactsSchema = z.object({
  name: z.string(),
  /** The internal address. */
  address: z.string(),
  labels: z.record(z.string(), z.string()),
  taints: z.array(taintSchema),
  /** In Go's words, such as `amd64` or `arm64`. */
  architecture: z.string(),
  kernelVersion: z.string(),
});

/** A node of a cluster. */
export type NodeFacts = z.output<typeof nodeFactsSchema>;

const nodeListSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({
        name: z.string(),
        labels: z.record(z.string(), z.string()).default({}),
      }),
      spec: z.looseObject({ taints: z.array(taintSchema).default([]) }).default({ taints: [] }),
      status: z.looseObject({
        addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).default([]),
        nodeInfo: z.looseObject({ architecture: z.string(), kernelVersion: z.string() }),
      }),
    }),
  ),
});

/**
 * Reads the nodes that have an internal address, sorted by name.
 *
 * @throws CouldNotAsk when the API server does not list its nodes
 */
export async function readNodes(api: KubernetesApi): Promise<NodeFacts[]> {
  const list = await api.get("/api/v1/nodes", nodeListSchema);
  if (list === undefined) throw new CouldNotAsk("the API server has no list of nodes");
  return list.items
    .flatMap(({ metadata: { name, labels }, spec: { taints }, status }) =>
      status.addresses
        .filter(({ type }) => type === "InternalIP")
        .slice(0, 1)
        .map(({ address }) => ({
          ...{ name, address, labels, taints },
          architecture: status.nodeInfo.architecture,
          kernelVersion: status.nodeInfo.kernelVersion,
        })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const conditionsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string() }),
      status: z.looseObject({
        conditions: z
          .array(
            z.looseObject({
              type: z.string(),
              status: z.string(),
              message: z.string().optional(),
            }),
          )
          .default([]),
      }),
    }),
  ),
});

/** Whether each node is Ready, by name. The value is undefined for a Ready node, else its reason. */
export async function readReadiness(
  api: KubernetesApi,
): Promise<ReadonlyMap<string, string | undefined>> {
  const { items } = (await api.get("/api/v1/nodes", conditionsSchema)) ?? { items: [] };
  return new Map(
    items.map(({ metadata: { name }, status: { conditions } }) => {
      const ready = conditions.find(({ type }) => type === "Ready");
      return [name, ready?.status === "True" ? undefined : (ready?.message ?? "no condition")];
    }),
  );
}
