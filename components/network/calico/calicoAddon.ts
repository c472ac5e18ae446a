import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import { calicoStateSchema, kubeconfigVariable } from "../../../programs/calico/request.ts";

/** Arguments for {@link CalicoAddon}. */
export interface CalicoAddonArgs {
  /** Path of the cluster's kubeconfig. */
  readonly kubeconfigPath: pulumi.Input<string>;
  /** UID of the cluster. Another one is waited for again. */
  readonly clusterUid: pulumi.Input<string>;
}

/**
 * Calico as a cloud's add-on. The cloud installs and upgrades it, so this manages nothing and only
 * waits. Reading the DaemonSet as a resource would not wait.
 *
 * @example
 * const calico = new CalicoAddon("calico", { kubeconfigPath, clusterUid }, { parent: this });
 */
export class CalicoAddon extends pulumi.ComponentResource {
  /** Image of calico-node when it was waited for. Resolves once it is ready on every node. */
  readonly image: pulumi.Output<string>;

  constructor(name: string, args: CalicoAddonArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:network:CalicoAddon", name, {}, opts);
    const { stdout } = new command.local.Command(
      `${name}-ready`,
      {
        create: "node programs/calico/main.ts wait",
        environment: { [kubeconfigVariable]: args.kubeconfigPath },
        triggers: [args.clusterUid],
        addPreviousOutputInEnv: false,
      },
      { parent: this, customTimeouts: { create: "20m" } },
    );
    this.image = stdout.apply((line) => calicoStateSchema.parse(JSON.parse(line)).image);
    this.registerOutputs({ image: this.image });
  }
}
