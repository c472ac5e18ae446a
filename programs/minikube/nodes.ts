/** What the settings ask of the nodes: how many there are, where they are, how they are labelled. */
import { contains, parseAddress, parseNetwork } from "../../net/addresses.ts";
import { type ClusterNode, ask } from "../../kube/api.ts";
import type { Connection } from "../../kube/kubeconfig.ts";
import type { Progress } from "./events.ts";
import { addNode, deleteNode, findProfile } from "./minikube.ts";
import type { MinikubeRequest } from "./request.ts";

/** Names the label keys that this project put on a node, so that it can take them away again. */
const labelled = "provenet/labels";

/** Adds or deletes nodes, the last first, until there are as many as asked for. */
export async function resize(settings: MinikubeRequest, progress: Progress): Promise<void> {
  const nodes = (await findProfile(settings))?.nodes ?? [];
  for (let count = nodes.length; count < settings.nodes; count++) {
    progress(`adding node ${count + 1} of ${settings.nodes}`);
    await addNode(settings);
  }
  for (const node of nodes.slice(settings.nodes).reverse()) {
    progress(`deleting node ${node}`);
    await deleteNode(settings, node);
  }
}

/** The nodes outside the network they were asked to be in. */
export function nodesElsewhere(
  { nodeNetwork }: Pick<MinikubeRequest, "nodeNetwork">,
  nodes: readonly ClusterNode[],
): ClusterNode[] {
  const network = parseNetwork(nodeNetwork);
  return nodes.filter(({ address }) => !contains(network, parseAddress(address)));
}

/** The merge patch that gives a node its labels and takes away those it was given before. */
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

/** Puts the settings' labels on the nodes, which are sorted by name: the first is the first made. */
export async function label(
  settings: MinikubeRequest,
  connection: Connection,
  nodes: readonly ClusterNode[],
): Promise<void> {
  for (const [position, { name, annotations }] of nodes.entries()) {
    const wanted = Object.entries(settings.labels).flatMap(([key, values]) => {
      const value = values[position];
      return value === undefined ? [] : [[key, value] as const];
    });
    const patch = labelPatch(Object.fromEntries(wanted), annotations);
    if (patch !== undefined) {
      await ask(connection, `/api/v1/nodes/${encodeURIComponent(name)}`, {
        method: "PATCH",
        patch,
      });
    }
  }
}
