import * as command from "@pulumi/command";
import { Address } from "@pulumi/gcp/compute/address.js";
import { Cluster } from "@pulumi/gcp/container/cluster.js";
import { NodePool } from "@pulumi/gcp/container/nodePool.js";
import { Provider } from "@pulumi/gcp/provider.js";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type KernelFacts, unknownKernel } from "../../../kube/kernel.ts";
import type { NodeFacts } from "../../../kube/nodes.ts";
import {
  expectedNodesVariable,
  gkeFileSchema,
  gkeIdentitySchema,
  gkeNameVariable,
  gkeNodesSchema,
  kubeconfigVariable,
} from "../../../programs/gke/request.ts";
import type { GkeSettings } from "../../config/schema/cluster.ts";
import type { ClusterAccess, ClusterFacts } from "../access.ts";
import { clusterArgs, nodePoolArgs } from "./clusterArgs.ts";
import { GkeNetwork } from "./gkeNetwork.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { NodeAccount } from "./nodeAccount.ts";

/** Arguments for {@link GkeCluster}. */
export interface GkeClusterArgs extends Omit<GkeSettings, "kind"> {
  /** Names of the addresses to reserve. A Service requests one by its name. */
  readonly reservations: readonly string[];
}

const program = "node programs/gke/main.ts";

/**
 * A private cluster in Google Cloud with its network, its nodes and the addresses of its Services.
 *
 * @example
 * const cluster = new GkeCluster("cluster", settings.cluster);
 * new k8s.core.v1.Namespace("apps", {}, cluster.options);
 */
export class GkeCluster extends pulumi.ComponentResource implements ClusterAccess {
  /** Relative to the project. The file is written on every run. */
  readonly kubeconfigPath: pulumi.Output<string>;
  /** As gcloud names it. Resolves with {@link kubeconfigPath}. */
  readonly context: pulumi.Output<string>;
  /** Resolves once the API server has answered. */
  readonly uid: pulumi.Output<string>;
  readonly facts: ClusterFacts;
  /** Resolves once every node has joined. */
  readonly nodes: pulumi.Output<readonly NodeFacts[]>;
  /** All unknown. */
  readonly kernel: pulumi.Output<KernelFacts>;
  /**
   * Without `deletedWith`. The cluster must delete its Services itself, because a deleted cluster
   * leaves their load balancers behind.
   */
  readonly options: pulumi.ComponentResourceOptions;

  constructor(name: string, args: GkeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:cluster:GkeCluster", name, {}, opts);
    const settings: GkeSettings = { kind: "gke", ...args };
    const { project, location, podNetwork, deletionProtection } = args;
    const region = location.replace(/-[a-z]$/, "");
    const nodeTag = `${args.name}-node`;
    const parent = { parent: this };
    const inCloud = {
      ...parent,
      provider: new Provider(`${name}-cloud`, { project, region }, parent),
    };

    const vpc = new GkeNetwork(
      `${name}-network`,
      { ...args, network: args.name, region, nodeTag },
      inCloud,
    );
    const account = new NodeAccount(
      `${name}-node`,
      { project, accountId: `${args.name}-nodes` },
      inCloud,
    );
    const addresses = args.reservations.map(
      (reservation) =>
        new Address(`${name}-address-${reservation}`, { name: reservation, region }, inCloud),
    );
    const { network, subnetwork } = vpc;
    const around = { network, subnetwork, account: account.email, nodeTag };
    const cluster = new Cluster(`${name}-control-plane`, clusterArgs(settings, around), {
      ...inCloud,
      // The engine refuses to delete it before anything inside it is deleted.
      protect: deletionProtection,
      // They describe the pool that is removed at once.
      ignoreChanges: ["nodeConfig", "initialNodeCount"],
    });
    const pool = new NodePool(
      // The engine adds random digits to the name. A new pool is then created before the old one is deleted.
      `${name}-nodes`,
      { cluster: cluster.name, ...nodePoolArgs(settings, around) },
      inCloud,
    );

    const kubeconfig = pulumi.secret(kubeconfigOf(settings, cluster));
    const { path } = pulumi.unsecret(
      command.local
        .runOutput(
          {
            command: `${program} write`,
            environment: { [gkeNameVariable]: contextOf(settings) },
            stdin: kubeconfig,
            logging: command.local.Logging.None,
          },
          parent,
        )
        .stdout.apply((line) => gkeFileSchema.parse(JSON.parse(line))),
    );
    const count = String(args.zones.length * args.nodesPerZone);
    const environment = { [kubeconfigVariable]: path };
    const ask = (role: string, asked: string, triggers: pulumi.Input<string>[], more = {}) =>
      new command.local.Command(
        `${name}-${role}`,
        {
          create: `${program} ${asked}`,
          environment: { ...environment, ...more },
          triggers,
          addPreviousOutputInEnv: false,
        },
        // What is inside the cluster uses all of this, and is deleted before it.
        { ...parent, dependsOn: [vpc, pool, ...addresses] },
      );
    // A cluster that was replaced under the same name has another CA.
    const identity = ask("identity", "identify", [cluster.masterAuth.clusterCaCertificate]);
    this.uid = identity.stdout.apply((line) => gkeIdentitySchema.parse(JSON.parse(line)).uid);
    this.kubeconfigPath = pulumi.all([path, this.uid]).apply(([file]) => file);
    this.context = this.uid.apply(() => contextOf(settings));
    const placed = [args.zones.join(), count, args.machineType];
    const expected = { [expectedNodesVariable]: count };
    const nodeList = ask("node-list", "nodes", [this.uid, pool.id, ...placed], expected);
    this.nodes = nodeList.stdout.apply((line) => gkeNodesSchema.parse(JSON.parse(line)).nodes);
    this.kernel = this.nodes.apply(() => unknownKernel);
    this.facts = {
      podNetwork,
      nodeNetwork: args.nodeNetwork,
      serviceNetwork: args.serviceNetwork,
      driver: undefined,
      loadBalancers: "cloud",
      calico: "addon",
      kubeProxyMode: "iptables",
    };
    const provider = new k8s.Provider(
      `${name}-provider`,
      {
        kubeconfig,
        clusterIdentifier: this.uid,
        enableServerSideApply: true,
        // An interrupted update leaves objects in the cluster that no state knows.
        upsertExistingObjects: true,
        enablePatchForce: true,
      },
      parent,
    );
    this.options = { provider };
    this.registerOutputs({ kubeconfigPath: this.kubeconfigPath });
  }
}

const contextOf = ({ project, location, name }: GkeSettings) =>
  `gke_${project}_${location}_${name}`;

/** The kubeconfig for the endpoint that people outside the network reach. */
function kubeconfigOf(
  settings: GkeSettings,
  { endpoint, masterAuth, controlPlaneEndpointsConfig }: Cluster,
): pulumi.Output<string> {
  const name = contextOf(settings);
  return pulumi
    .all([endpoint, masterAuth, controlPlaneEndpointsConfig])
    .apply(([address, { clusterCaCertificate }, { dnsEndpointConfig }]) =>
      settings.dnsEndpoint
        ? kubeconfigFor({
            name,
            host: dnsEndpointConfig.endpoint,
            certificateAuthority: undefined,
          })
        : kubeconfigFor({
            name,
            host: address,
            certificateAuthority: clusterCaCertificate,
          }),
    );
}
