import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { rejectFaults } from "../../shared/faults.ts";
import { faultsInBlocks, type ReservedNetwork } from "./faults.ts";

/** Annotation by which a `LoadBalancer` Service names the pool that its address comes from. */
export const poolAnnotation = "metallb.io/address-pool";

/** Arguments for {@link LoadBalancerPool}. */
export interface LoadBalancerPoolArgs {
  /** Namespace the MetalLB controller runs in; it reads pools from nowhere else. */
  readonly namespace: pulumi.Input<string>;
  /** Blocks the pool may give out, such as `192.0.2.0/28` or `192.0.2.10-192.0.2.20`. */
  readonly blocks: readonly string[];
  /**
   * Name of the pool in the cluster.
   * @default the component's own name
   */
  readonly poolName?: string;
  /**
   * Serve any `LoadBalancer` Service, not only those that name this pool.
   * @default true
   */
  readonly autoAssign?: pulumi.Input<boolean>;
  /**
   * Networks that no block may touch: an address there would belong to a pod or a Service.
   * @default none
   */
  readonly reserved?: readonly ReservedNetwork[];
}

/** Addresses that MetalLB gives to `LoadBalancer` Services and answers for on the local network. */
export class LoadBalancerPool extends pulumi.ComponentResource {
  /** For a Service's {@link poolAnnotation}; resolves once the pool is announced. */
  readonly poolName: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:network:LoadBalancerPool", name, args, opts);
    rejectFaults(this, faultsInBlocks(args.blocks, args.reserved));

    const { namespace, blocks, poolName = name, autoAssign = true } = args;
    const create = (role: string, kind: string, spec: object) =>
      new k8s.apiextensions.CustomResource(
        `${name}-${role}`,
        {
          apiVersion: "metallb.io/v1beta1",
          kind,
          metadata: { name: poolName, namespace },
          spec,
        },
        { parent: this },
      );
    const pool = create("pool", "IPAddressPool", { addresses: blocks, autoAssign });
    const announcement = create("l2", "L2Advertisement", {
      ipAddressPools: [pool.metadata.name],
    });

    // An address nobody announces is unreachable, so the name waits for the announcement too.
    this.poolName = pulumi
      .all([pool.metadata.name, announcement.id])
      .apply(([announced]) => announced);
    this.registerOutputs({ poolName: this.poolName });
  }
}
