import * as command from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { KernelFacts } from "../../../kube/kernel.ts";
import type { NodeFacts } from "../../../kube/nodes.ts";
import { formatBlock } from "../../../net/addresses.ts";
import {
  type MinikubeRequest,
  minikubeIdentitySchema,
  minikubeNodesSchema,
  type minikubeRequestSchema,
  minikubeRequestVariable,
  runsContainers,
} from "../../../programs/minikube/request.ts";
import type { MinikubeSettings } from "../../config/schema/cluster.ts";
import type { ClusterAccess, ClusterFacts } from "../access.ts";

/** Arguments for {@link MinikubeCluster}. */
export type MinikubeClusterArgs = Omit<MinikubeSettings, "kind">;

const program = "node programs/minikube/main.ts";

/**
 * A cluster that minikube makes, changes and deletes. Its kubeconfig is separate from the user's.
 *
 * @example
 * const cluster = new MinikubeCluster("cluster", settings.cluster);
 * new k8s.core.v1.Namespace("apps", {}, cluster.options);
 */
export class MinikubeCluster extends pulumi.ComponentResource implements ClusterAccess {
  /** Relative to the project. Resolves once the first node's API server has answered. */
  readonly kubeconfigPath: pulumi.Output<string>;
  /** minikube names the context after the profile. Resolves once the API server has answered. */
  readonly context: pulumi.Output<string>;
  /** Resolves once the API server has answered. */
  readonly uid: pulumi.Output<string>;
  readonly facts: ClusterFacts;
  /** Resolves once every node has joined. */
  readonly nodes: pulumi.Output<readonly NodeFacts[]>;
  readonly kernel: pulumi.Output<KernelFacts>;
  readonly options: pulumi.ComponentResourceOptions;

  constructor(name: string, args: MinikubeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:cluster:MinikubeCluster", name, {}, opts);
    const request = requestOf(args);
    const environmentOf = (asked: z.input<typeof minikubeRequestSchema>) => ({
      [minikubeRequestVariable]: JSON.stringify(asked),
    });
    // Nodes and labels change in place. What needs only the first node does not get them, so that a
    // new node leaves it, and everything that depends on it, as it is.
    const firstNode = environmentOf({ ...request, nodes: 1, labels: {} });

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
        triggers: identityOf(request),
        environment: firstNode,
        logging: command.local.Logging.Stderr,
      },
      // Two clusters cannot have one name.
      {
        deleteBeforeReplace: true,
        replaceOnChanges: ["triggers"],
        customTimeouts: { create: "30m" },
      },
    );
    // kube-proxy's scheduler changes in place too.
    const { kubeProxy, ...fixed } = request;
    const reading = {
      environment: environmentOf({ ...fixed, nodes: 1, labels: {} }),
      logging: command.local.Logging.None,
    };
    const identity = create(
      "identity",
      {
        create: `${program} identify`,
        ...reading,
        // The id changes when the cluster is replaced, so everything inside it is replaced too.
        triggers: [cluster.id],
      },
      // Output of a command that reads a kubeconfig stays secret until UID and path are taken out of it.
      { additionalSecretOutputs: ["stdout"] },
    );
    const { uid, kubeconfig: kubeconfigPath } = pulumi.unsecret(
      identity.stdout.apply((line) => minikubeIdentitySchema.parse(JSON.parse(line))),
    );

    this.uid = uid;
    this.kubeconfigPath = kubeconfigPath;
    this.context = uid.apply(() => args.profile);
    const provider = new k8s.Provider(
      `${name}-provider`,
      {
        // Its content changes when minikube renews certificates. That changes no resource.
        kubeconfig: kubeconfigPath,
        context: this.context,
        clusterIdentifier: uid,
        enableServerSideApply: true,
        // An interrupted update leaves objects in the cluster that no state knows. Only this stack
        // uses the cluster, so the next update may take them over.
        upsertExistingObjects: true,
        enablePatchForce: true,
      },
      { parent: this },
    );
    this.facts = {
      podNetwork: args.podNetwork,
      // Other drivers choose the network, and the check after the start compares it.
      nodeNetwork: args.nodeNetwork,
      serviceNetwork: args.serviceNetwork,
      driver: args.driver,
      loadBalancers: "metallb",
      calico: "install",
      kubeProxyMode: kubeProxy.mode,
    };
    // The other nodes join while Calico and the rest are applied to the first.
    const nodes = create(
      "nodes",
      {
        create: `${program} nodes`,
        environment: environmentOf(request),
        logging: command.local.Logging.Stderr,
        triggers: [uid],
      },
      {
        deletedWith: identity,
        customTimeouts: { create: "2h", update: "2h" },
      },
    );
    const printed = nodes.stdout.apply((line) => minikubeNodesSchema.parse(JSON.parse(line)));
    this.nodes = printed.apply(({ nodes: facts }) => facts);
    this.kernel = printed.apply(({ kernel }) => kernel);
    // Deleting the cluster deletes its objects, so the engine does not ask its API server to.
    this.options = { provider, deletedWith: identity };
    this.registerOutputs({ kubeconfigPath: this.kubeconfigPath });
  }
}

/** The settings as the minikube program reads them. */
function requestOf(settings: MinikubeClusterArgs): MinikubeRequest {
  const { profile, nodes, memoryMiB, cpus, kubernetesVersion, driver, containerRuntime } = settings;
  const { kubeProxy, labels } = settings;
  return {
    profile,
    nodes,
    memoryMiB,
    cpus,
    kubernetesVersion,
    driver,
    containerRuntime,
    nodeNetwork: formatBlock(settings.nodeNetwork),
    podNetwork: formatBlock(settings.podNetwork),
    serviceNetwork: formatBlock(settings.serviceNetwork),
    kubeProxy,
    labels,
  };
}

/** The part of a request that replaces the cluster when it changes. */
function identityOf(request: MinikubeRequest): (string | number)[] {
  const { profile, driver, containerRuntime, kubernetesVersion, memoryMiB, cpus } = request;
  const { podNetwork, serviceNetwork, kubeProxy } = request;
  // Other drivers choose the network, so that another setting follows the cluster.
  const nodeNetwork = runsContainers(driver) ? request.nodeNetwork : "";
  const machine = [driver, containerRuntime, kubernetesVersion, memoryMiB, cpus];
  return [profile, ...machine, nodeNetwork, podNetwork, serviceNetwork, kubeProxy.mode];
}
