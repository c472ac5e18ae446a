import { Catalogue } from "../../../stand-ins/gcp/catalogue.ts";
import { GcpProvider } from "../../../stand-ins/gcp/provider.ts";
import type { Bag } from "../../../stand-ins/kit/properties.ts";
import type { Operation } from "../../../stand-ins/kit/provider.ts";
import type { Path, Properties } from "../../../stand-ins/kit/values.ts";
import { operation } from "../support/operation.ts";

/** The types of the installed package. Reading them once is enough for all tests. */
export const catalogue = new Catalogue();

export const types = {
  account: "gcp:serviceaccount/account:Account",
  address: "gcp:compute/address:Address",
  cluster: "gcp:container/cluster:Cluster",
  firewall: "gcp:compute/firewall:Firewall",
  network: "gcp:compute/network:Network",
  nodePool: "gcp:container/nodePool:NodePool",
  subnetwork: "gcp:compute/subnetwork:Subnetwork",
} as const;

export function bag(value: Properties, secrets: readonly Path[] = []): Bag {
  return { value, secrets };
}

/** A preview of a resource. */
export function previewOf(type: string, given: Partial<Operation> = {}): Operation {
  return operation({ type, name: "home", preview: true, ...given });
}

/** A provider with settings, and the lines that it logs. */
export async function configured(
  settings: Properties = { project: "my-project", region: "europe-west1" },
) {
  const lines: string[] = [];
  const provider = new GcpProvider("9.37.0", catalogue, {});
  await provider.configure(
    bag(settings),
    operation({ log: (severity, message) => lines.push(`${severity}: ${message}`) }),
  );
  return { provider, lines };
}

/** The reasons of all failures of a resource's inputs. */
export async function reasonsOf(
  type: string,
  news: Properties,
  settings?: Properties,
): Promise<string[]> {
  const { provider } = await configured(settings);
  const { failures } = await provider.check(previewOf(type), bag({}), bag(news));
  return failures.map(({ reason }) => reason);
}

/** The outputs of a new resource in a preview. */
export async function outputsOf(type: string, news: Properties, settings?: Properties) {
  const { provider } = await configured(settings);
  const { inputs, failures } = await provider.check(previewOf(type), bag({}), bag(news));
  if (failures.length > 0) throw new Error(JSON.stringify(failures));
  const { id, state } = await provider.create(previewOf(type), inputs);
  return { id, inputs: inputs.value, outputs: state.value, secrets: state.secrets };
}
