/** Records clusters of the kinds that need no cloud. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ClusterAccess } from "../../components/cluster/access.ts";
import { createCluster } from "../../components/cluster/createCluster.ts";
import type {
  ClusterSettings,
  ExistingSettings,
  MinikubeSettings,
} from "../../components/config/schema/cluster.ts";
import { parseNetwork } from "../../net/addresses.ts";
import { nodesStdout } from "./nodes.ts";
import { record } from "./recording.ts";

const networks = {
  nodeNetwork: parseNetwork("192.168.49.0/24"),
  podNetwork: parseNetwork("10.244.0.0/16"),
  serviceNetwork: parseNetwork("10.96.0.0/12"),
};

export const minikube: MinikubeSettings = {
  kind: "minikube",
  profile: "provenet",
  nodes: 2,
  memoryMiB: 3072,
  cpus: 2,
  kubernetesVersion: "v1.34.2",
  driver: "docker",
  containerRuntime: "containerd",
  kubeProxy: { mode: "iptables" },
  labels: {},
  ...networks,
};

export const existing: ExistingSettings = {
  kind: "existing",
  kubeconfigFile: "my/kubeconfig",
  installCalico: false,
  ...networks,
};

const calls: Readonly<Record<string, unknown>>[] = [];

/** Arguments of the functions that the last recorded program called. */
export const invoked: readonly Readonly<Record<string, unknown>>[] = calls;

/** The facts with each network as text. */
export function factsOf({ facts }: Pick<ClusterAccess, "facts">) {
  const { podNetwork, nodeNetwork, serviceNetwork, ...others } = facts;
  const networks = [podNetwork, nodeNetwork, serviceNetwork].map((network) => network?.text);
  return { networks, ...others };
}

/** Records a cluster and one object inside it. */
export const recordCluster = (settings: ClusterSettings, names: readonly string[] = ["cluster"]) =>
  record(
    () => {
      calls.length = 0;
      const [cluster] = names.map((name) => createCluster(name, settings));
      if (!cluster) throw new Error("no name");
      new k8s.core.v1.Namespace("inside", {}, cluster.options);
      for (const output of ["kubeconfigPath", "context", "uid"] as const) {
        new k8s.core.v1.Namespace(`uses-${output}`, { metadata: { name: cluster[output] } });
      }
      const { kubeconfigPath, context, uid } = cluster;
      const plain = pulumi
        .all([kubeconfigPath, context, uid].map((output) => pulumi.isSecret(output)))
        .apply((secrets) => secrets.some(Boolean));
      return { kubeconfigPath, context, plain, facts: factsOf(cluster) };
    },
    {
      outputs: ({ name }) => ({
        stdout: name.endsWith("-identity")
          ? '{"schemaVersion":1,"uid":"uid-1","context":"home","kubeconfig":"path/of/kubeconfig"}'
          : nodesStdout,
      }),
      invoke: (_, inputs) => {
        calls.push(inputs);
        const reading = JSON.parse(nodesStdout) as object;
        return { stdout: JSON.stringify({ ...reading, kubeconfig: "planted-token" }) };
      },
    },
  );
