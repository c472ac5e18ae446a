import * as command from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type KernelFacts, unknownKernel } from "../../../kube/kernel.ts";
import type { NodeFacts } from "../../../kube/nodes.ts";
import { pinVariables } from "../../../kube/pin.ts";
import { type AddressBlock, formatBlock } from "../../../net/addresses.ts";
import {
  clusterIdentitySchema,
  clusterReadingSchema,
  type Expectation,
  expectationVariable,
  kubeconfigVariable,
} from "../../../programs/kubeconfig/request.ts";
import type { ClusterAccess, ClusterFacts } from "../access.ts";

/** Arguments for {@link ExistingCluster}. */
export interface ExistingClusterArgs {
  /** Path of the cluster's kubeconfig, absolute or relative to the project. */
  readonly kubeconfigFile: string;
  /**
   * Context of the kubeconfig.
   * @default the context that is the current one when the cluster is first used
   */
  readonly context?: string | undefined;
  /** IPv4 network of the pods' addresses. */
  readonly podNetwork: AddressBlock;
  /**
   * Whether Network installs Calico.
   * @default false
   */
  readonly installCalico?: boolean;
  /**
   * Mode of kube-proxy. It is compared with the cluster's, where that can be read.
   * @default "unknown"
   */
  readonly kubeProxyMode?: ClusterFacts["kubeProxyMode"] | undefined;
  /**
   * Architecture that every node must have.
   * @default any
   */
  readonly architecture?: string | undefined;
}

const program = "node programs/kubeconfig/main.ts";

/**
 * A cluster that is already running. It stays when the stack is destroyed.
 *
 * Its UID and its context are recorded. Later runs read that context, whichever is the current one,
 * and fail when another cluster answers there.
 *
 * @example
 * new ExistingCluster("cluster", { kubeconfigFile: "~/.kube/config", podNetwork });
 */
export class ExistingCluster extends pulumi.ComponentResource implements ClusterAccess {
  /** The path in the arguments. Resolves once the API server has answered. */
  readonly kubeconfigPath: pulumi.Output<string>;
  /** Resolves once the API server has answered. */
  readonly context: pulumi.Output<string>;
  /** Resolves once the API server has answered. */
  readonly uid: pulumi.Output<string>;
  readonly facts: ClusterFacts;
  /** Read on every run. Resolves once the API server has answered. */
  readonly nodes: pulumi.Output<readonly NodeFacts[]>;
  /** All unknown. */
  readonly kernel: pulumi.Output<KernelFacts>;
  readonly options: pulumi.ComponentResourceOptions;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:cluster:ExistingCluster", name, {}, opts);
    const { kubeconfigFile, context: chosen, podNetwork, installCalico = false } = args;
    const { kubeProxyMode = "unknown", architecture } = args;

    const environment = {
      [kubeconfigVariable]: kubeconfigFile,
      ...(chosen !== undefined && { [pinVariables.context]: chosen }),
    };
    const identify = `${program} identify`;
    const identity = new command.local.Command(
      `${name}-identity`,
      {
        create: identify,
        // It gets the recorded UID, so that an update never records another cluster.
        update: identify,
        environment,
        triggers: [kubeconfigFile, ...(chosen === undefined ? [] : [chosen])],
      },
      // Output of a command that reads a kubeconfig stays secret until the UID is taken out of it.
      { parent: this, additionalSecretOutputs: ["stdout"] },
    );
    const { uid, context } = pulumi.unsecret(
      identity.stdout.apply((line) => clusterIdentitySchema.parse(JSON.parse(line))),
    );
    const recorded = { [pinVariables.context]: context, [pinVariables.uid]: uid };
    const expected: Expectation = {
      podNetwork: formatBlock(podNetwork),
      ...{ kubeProxyMode, installCalico },
      ...(architecture !== undefined && { architecture }),
    };
    const { stdout } = command.local.runOutput(
      {
        command: `${program} read`,
        environment: {
          ...environment,
          ...recorded,
          [expectationVariable]: JSON.stringify(expected),
        },
        logging: command.local.Logging.None,
      },
      { parent: this, dependsOn: identity },
    );
    const reading = stdout.apply((line) => clusterReadingSchema.parse(JSON.parse(line)));

    this.uid = uid;
    this.context = context;
    this.kubeconfigPath = uid.apply(() => kubeconfigFile);
    const provider = new k8s.Provider(
      `${name}-provider`,
      {
        // It is read on every run, so a rotated one is used at once and replaces nothing.
        kubeconfig: pulumi.secret(reading.kubeconfig),
        clusterIdentifier: uid,
        enableServerSideApply: true,
      },
      { parent: this },
    );
    this.facts = {
      podNetwork,
      nodeNetwork: undefined,
      serviceNetwork: undefined,
      driver: undefined,
      loadBalancers: "metallb",
      calico: installCalico ? "install" : "none",
      kubeProxyMode,
    };
    this.nodes = pulumi.unsecret(reading.nodes);
    this.kernel = pulumi.output(unknownKernel);
    this.options = { provider };
    this.registerOutputs({ kubeconfigPath: this.kubeconfigPath });
  }
}
