import * as pulumi from "@pulumi/pulumi";

import type { AddressBlock } from "../../net/addresses.ts";
import type { ClusterAccess } from "../cluster/access.ts";
import type { AddressSource } from "../kubernetes/addresses.ts";
import type { Endpoint } from "../shared/endpoint.ts";
import { Calico, type CalicoArgs } from "./calico/calico.ts";
import { CalicoAddon } from "./calico/calicoAddon.ts";
import { HostRoute, type HostRouteArgs } from "./hostRoute.ts";
import { IngressController } from "./ingressController/ingressController.ts";
import { serviceOfClass } from "./ingressController/names.ts";
import { LoadBalancerPool } from "./loadBalancerPool/loadBalancerPool.ts";
import { hasSchedulableExcludedNode } from "./metalLb/excludedNodes.ts";
import { MetalLb, type MetalLbArgs } from "./metalLb/metalLb.ts";

/** Arguments for {@link Network}. */
export interface NetworkArgs {
  /** Calico's images and CRDs. They are used where the cluster has no network plugin. */
  readonly calico: Pick<CalicoArgs, "images" | "crds">;
  /** MetalLB's images and CRDs. They are used where no cloud assigns addresses. */
  readonly metalLb: Pick<MetalLbArgs, "images" | "crds">;
  /** Addresses for `LoadBalancer` Services. */
  readonly pools: readonly { readonly name: string; readonly blocks: readonly AddressBlock[] }[];
  /** The ingress controller, its class and where its address comes from. */
  readonly ingress: {
    readonly image: string;
    readonly className: string;
    readonly address: AddressSource;
  };
  /** Routes that lead clients to the pools. */
  readonly routes: readonly (Omit<HostRouteArgs, "clusterUid"> & { readonly name: string })[];
}

/**
 * The network of one cluster: routes to it, Calico, MetalLB with its pools, and the ingress
 * controller. What the cluster already has is left out.
 *
 * @example
 * const network = new Network("network", settings.network, cluster);
 * new WebApplication("web", settings.apps.web, network.workloads);
 */
export class Network extends pulumi.ComponentResource {
  /**
   * Options for a component with pods, Services or Ingresses. Its objects are created once pods get
   * addresses, pools are announced and the ingress class exists. The ingress controller may still be
   * starting, so that it starts side by side with the applications.
   */
  readonly workloads: pulumi.ComponentResourceOptions;
  /** The ingress controller's port. */
  readonly endpoints: readonly Endpoint[];
  /**
   * What every path through this network depends on: routes and images. Resolves once the routes are
   * in place, and changes when a verdict about any path becomes stale.
   */
  readonly path: pulumi.Output<readonly string[]>;

  constructor(
    name: string,
    args: NetworkArgs,
    cluster: ClusterAccess,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("provenet:network:Network", name, {}, opts);
    const { facts, uid: clusterUid } = cluster;
    const parent = { parent: this };
    const inCluster = { ...parent, ...cluster.options };

    const routes = args.routes.map(
      ({ name: role, ...route }) =>
        new HostRoute(`${name}-${role}`, { ...route, clusterUid }, parent),
    );

    // A MetalLB pod gets its address from Calico.
    const calico = provideCalico(`${name}-calico`, args.calico, cluster, inCluster);
    const pools =
      facts.loadBalancers === "metallb"
        ? createPools(name, args, cluster.nodes, inCluster, calico)
        : [];

    const { image, className, address } = args.ingress;
    const ingress = new IngressController(
      `${name}-ingress`,
      { image, className, address },
      { ...inCluster, dependsOn: [...calico, ...pools] },
    );

    // The class itself is created after Calico and the pools.
    this.workloads = { ...cluster.options, dependsOn: ingress.ingressClass };
    this.endpoints = [
      {
        name: "ingress",
        address: ingress.address,
        service: serviceOfClass(className),
        expect: { kind: "tcp", port: 80 },
      },
    ];
    this.path = pulumi.all([
      ...routes.map(({ route }) => route),
      ...(facts.calico === "install" ? Object.values(args.calico.images) : []),
      ...(facts.loadBalancers === "metallb" ? Object.values(args.metalLb.images) : []),
      image,
    ]);
    this.registerOutputs({ path: this.path });
  }
}

/** Calico, or the wait for the one that the cloud installs. */
function provideCalico(
  name: string,
  calico: NetworkArgs["calico"],
  { facts, kubeconfigPath, uid: clusterUid }: ClusterAccess,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Resource[] {
  switch (facts.calico) {
    case "install": {
      const rules = facts.kubeProxyMode === "nftables" ? "nftables" : "iptables";
      return [new Calico(name, { ...calico, podNetwork: facts.podNetwork, rules }, opts)];
    }
    case "addon":
      return [new CalicoAddon(name, { kubeconfigPath, clusterUid }, opts)];
    case "none":
      return [];
  }
}

/** MetalLB and its pools. The pools are created once MetalLB is ready. */
function createPools(
  name: string,
  { metalLb, pools }: NetworkArgs,
  nodes: ClusterAccess["nodes"],
  opts: pulumi.ComponentResourceOptions,
  dependsOn: pulumi.Resource[],
): LoadBalancerPool[] {
  const { namespace } = new MetalLb(
    `${name}-metallb`,
    { ...metalLb, ignoreExcludedNodes: nodes.apply(hasSchedulableExcludedNode) },
    { ...opts, dependsOn },
  );
  return pools.map(
    ({ name: poolName, blocks }) =>
      new LoadBalancerPool(`${name}-pool-${poolName}`, { namespace, poolName, blocks }, opts),
  );
}
