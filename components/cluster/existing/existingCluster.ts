import * as command from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { ExistingSettings } from "../../config/settings.ts";
import type { ClusterAccess, ClusterFacts } from "../access.ts";

/** Arguments for {@link ExistingCluster}: where it is, all plain values. */
export type ExistingClusterArgs = ExistingSettings;

const program = "node programs/kubeconfig/main.ts";

/** A cluster that is there already and stays when the stack goes. */
export class ExistingCluster extends pulumi.ComponentResource implements ClusterAccess {
  readonly provider: k8s.Provider;
  /** Secret; read anew each time, so a rotated one is used at once and replaces nothing. */
  readonly kubeconfig: pulumi.Output<string>;
  /** As it was given; resolves once the cluster answered. */
  readonly kubeconfigPath: pulumi.Output<string>;
  /** Resolves once the API server answered. */
  readonly uid: pulumi.Output<string>;
  readonly facts: ClusterFacts;
  readonly inside: pulumi.ComponentResourceOptions;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:cluster:ExistingCluster", name, args, opts);

    const environment = { KUBECONFIG: args.kubeconfigFile };
    const identified = new command.local.Command(
      `${name}-identity`,
      {
        create: `${program} identify`,
        environment,
        triggers: [args.kubeconfigFile],
        addPreviousOutputInEnv: false,
      },
      // What comes from a command that reads a kubeconfig is a secret until it is known not to be.
      { parent: this, additionalSecretOutputs: ["stdout"] },
    );
    const uid = pulumi.unsecret(
      identified.stdout.apply((line) => (JSON.parse(line) as { uid: string }).uid),
    );
    const read = command.local.runOutput(
      { command: `${program} read`, environment, logging: command.local.Logging.None },
      { parent: this, dependsOn: identified },
    );

    this.uid = uid;
    this.kubeconfig = pulumi.secret(read.stdout);
    this.kubeconfigPath = uid.apply(() => args.kubeconfigFile);
    this.provider = new k8s.Provider(
      `${name}-provider`,
      { kubeconfig: this.kubeconfig, clusterIdentifier: uid, enableServerSideApply: true },
      { parent: this },
    );
    this.facts = {
      kind: args.kind,
      nodeNetwork: args.nodeNetwork,
      podNetwork: args.podNetwork,
      serviceNetwork: args.serviceNetwork,
      loadBalancers: "metallb",
      installsCalico: args.installCalico,
      singleNode: false,
    };
    this.inside = { provider: this.provider };
    this.registerOutputs({ kubeconfigPath: this.kubeconfigPath });
  }
}
