import * as command from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { MinikubeSettings } from "../../config/settings.ts";
import type { ClusterAccess, ClusterFacts } from "../access.ts";

/** Arguments for {@link MinikubeCluster}: what it is to be, all plain values. */
export type MinikubeClusterArgs = MinikubeSettings;

const program = "node programs/minikube/main.ts";

/** A cluster that minikube makes, changes and deletes, with a kubeconfig of its own. */
export class MinikubeCluster extends pulumi.ComponentResource implements ClusterAccess {
  readonly provider: k8s.Provider;
  /** Secret; resolves once the API server is ready and the nodes are there. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Relative to the project; resolves as {@link kubeconfig}. */
  readonly kubeconfigPath: pulumi.Output<string>;
  /** Name and address of each node; resolves once all are there. */
  readonly nodes: pulumi.Output<readonly NodeAddress[]>;
  /** Resolves once the API server answered. */
  readonly uid: pulumi.Output<string>;
  readonly facts: ClusterFacts;
  readonly inside: pulumi.ComponentResourceOptions;

  constructor(name: string, args: MinikubeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:cluster:MinikubeCluster", name, args, opts);

    const environment = { PROVENET_CLUSTER: JSON.stringify(args) };
    const create = (
      role: string,
      inputs: command.local.CommandArgs,
      options: pulumi.CustomResourceOptions = {},
    ) =>
      new command.local.Command(
        `${name}-${role}`,
        { addPreviousOutputInEnv: false, ...inputs },
        { parent: this, ...options },
      );

    const cluster = create(
      "minikube",
      {
        create: `${program} up`,
        update: `${program} up`,
        delete: `${program} down`,
        triggers: identityOf(args),
        environment,
        logging: command.local.Logging.Stderr,
      },
      // Two clusters cannot have one name.
      {
        deleteBeforeReplace: true,
        replaceOnChanges: ["triggers"],
        customTimeouts: { create: "30m" },
      },
    );
    // These read with the identity alone in their environment, so that adding a node or a label
    // leaves them, and all that depends on them, as they are.
    const reading = {
      environment: { PROVENET_CLUSTER: JSON.stringify({ ...args, nodes: 1, labels: {} }) },
      logging: command.local.Logging.None,
    };
    const identified = create(
      "identity",
      // By the id the engine sees that a new cluster takes all with it that was in the old one.
      { create: `${program} identify`, ...reading, triggers: [cluster.id] },
      { dependsOn: cluster },
    );
    const { uid, path } = parseIdentity(identified.stdout);
    const read = create(
      "kubeconfig",
      { create: `${program} kubeconfig`, ...reading, triggers: [uid] },
      { dependsOn: cluster, additionalSecretOutputs: ["stdout"] },
    );

    this.uid = uid;
    this.kubeconfig = pulumi.secret(read.stdout);
    this.kubeconfigPath = pulumi.all([path, read.id]).apply(([value]) => value);
    this.nodes = cluster.stdout.apply(
      (line) => (JSON.parse(line) as { nodes: NodeAddress[] }).nodes,
    );
    this.provider = new k8s.Provider(
      `${name}-provider`,
      {
        kubeconfig: this.kubeconfig,
        clusterIdentifier: uid,
        enableServerSideApply: true,
        // An update that was killed leaves objects behind that no state knows. The cluster is this
        // stack's alone, so the next update may take them over.
        upsertExistingObjects: true,
        enablePatchForce: true,
      },
      { parent: this },
    );
    this.facts = {
      kind: args.kind,
      nodeNetwork: args.nodeNetwork,
      podNetwork: args.podNetwork,
      serviceNetwork: args.serviceNetwork,
      loadBalancers: "metallb",
      installsCalico: true,
      singleNode: args.nodes === 1,
    };
    // Whether the cluster goes for good or another takes its place: this one is deleted with it in
    // both cases, and nothing is then asked of an API server that is about to go.
    this.inside = { provider: this.provider, deletedWith: identified };
    this.registerOutputs({ kubeconfigPath: this.kubeconfigPath, nodes: this.nodes });
  }
}

/** A node's name and its address in the node network. */
export interface NodeAddress {
  readonly name: string;
  readonly address: string;
}

/** What makes it another cluster when it changes; the number of nodes and their labels do not. */
export function identityOf(settings: MinikubeSettings): (string | number)[] {
  const { profile, driver, containerRuntime, kubernetesVersion, memoryMiB, cpus } = settings;
  const { nodeNetwork, podNetwork, serviceNetwork } = settings;
  return [
    profile,
    driver,
    containerRuntime,
    kubernetesVersion,
    memoryMiB,
    cpus,
    nodeNetwork,
    podNetwork,
    serviceNetwork,
  ];
}

function parseIdentity(stdout: pulumi.Output<string>) {
  const parsed = stdout.apply((line) => JSON.parse(line) as { uid: string; kubeconfig: string });
  return { uid: parsed.uid, path: parsed.kubeconfig };
}
