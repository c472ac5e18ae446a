import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type AddressBlock, formatBlock } from "../../../net/addresses.ts";
import { rejectFaults } from "../../shared/faults.ts";
import { faultsInBlocks } from "./faults.ts";

/** Arguments for {@link LoadBalancerPool}. */
export interface LoadBalancerPoolArgs {
  /** Namespace of the MetalLB controller, which reads pools from nowhere else. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the pool in the cluster, which Services name. */
  readonly poolName: string;
  /** Addresses of the pool, such as `192.0.2.0/28` or `192.0.2.10-192.0.2.20`. */
  readonly blocks: readonly AddressBlock[];
  /**
   * Serve any `LoadBalancer` Service, not only those that name this pool.
   * @default true
   */
  readonly autoAssign?: pulumi.Input<boolean>;
}

/**
 * Addresses that MetalLB assigns to `LoadBalancer` Services and announces on the local network.
 *
 * @example
 * new LoadBalancerPool("pool-home", {
 *   namespace: metalLb.namespace,
 *   poolName: "home",
 *   blocks: [parseBlock("192.0.2.10-192.0.2.20")],
 * });
 */
export class LoadBalancerPool extends pulumi.ComponentResource {
  constructor(name: string, args: LoadBalancerPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:network:LoadBalancerPool", name, {}, opts);
    rejectFaults(this, faultsInBlocks(args.blocks));

    const { namespace, poolName, blocks, autoAssign = true } = args;
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
    const pool = create("pool", "IPAddressPool", {
      addresses: blocks.map(formatBlock),
      autoAssign,
    });
    create("l2", "L2Advertisement", { ipAddressPools: [pool.metadata.name] });
    this.registerOutputs();
  }
}
