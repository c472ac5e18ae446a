/** Networks of a stack with the place in which they must not overlap. */
import type { PolicyResource } from "@pulumi/policy";

import { faultOf, parseBlock, parseNetwork, type AddressBlock } from "../../net/addresses.ts";
import { Property } from "../sdk/property.ts";
import { isCalicoPool } from "./calico.ts";
import {
  gkeClustersIn,
  isClusterElsewhere,
  subnetworksIn,
  targetOf,
  type PlacedCluster,
} from "./gkeStack.ts";
import { isPool } from "./metallb.ts";

/** A network and where packets to its addresses are forwarded. */
export interface PlacedNetwork {
  readonly block: AddressBlock;
  /** Such as `the network of the pods`. */
  readonly use: string;
  readonly path: string;
  readonly resource: PolicyResource;
  /** Networks with the same place share a table of routes. */
  readonly place: string;
  /** A second place in which the network must be free. */
  readonly alsoIn?: string | undefined;
}

/** The known networks of all clusters, VPCs and pools, without those that are wanted inside another. */
export function placedNetworksIn(resources: readonly PolicyResource[]): PlacedNetwork[] {
  return [...inComponents(resources), ...inCloud(resources), ...inPools(resources)];
}

/** The networks of clusters outside Google Cloud. The component of GKE repeats those of its VPC. */
function inComponents(resources: readonly PolicyResource[]): PlacedNetwork[] {
  return resources.filter(isClusterElsewhere).flatMap((resource) =>
    (["node", "service", "pod"] as const).flatMap((kind) => {
      const property = Property.of(resource.props).at(`${kind}Network`);
      const place = kind === "pod" ? `${resource.urn} pods` : resource.urn;
      const alsoIn = kind === "pod" ? resource.urn : undefined;
      return placed(property, `the network of the ${kind}s`, { resource, place, alsoIn });
    }),
  );
}

function inCloud(resources: readonly PolicyResource[]): PlacedNetwork[] {
  const clusters = gkeClustersIn(resources);
  const vpcs = resources.filter(({ type }) => type === "gcp:compute/network:Network");
  const vpcOf = (resource: PolicyResource): string => {
    const name = Property.of(resource.props).at("network").text?.split("/").at(-1);
    return targetOf(resource, "network", vpcs)?.urn ?? name ?? resource.urn;
  };
  const ranges = subnetworksIn(resources).flatMap(({ resource, primary, secondary }) => {
    const where = { resource, place: vpcOf(resource) };
    return [
      ...placed(primary, "the range of the nodes", where),
      ...secondary.flatMap(({ name, network }) =>
        placed(network, `the secondary range ${name.text ?? ""}`.trimEnd(), where),
      ),
    ];
  });
  const own = clusters.flatMap((cluster) => {
    const { resource, placedIn } = cluster;
    return networksOf(cluster).flatMap(([property, use]) =>
      placed(property, use, { resource, place: vpcOf(placedIn?.resource ?? resource) }),
    );
  });
  return [...ranges, ...own];
}

const networksOf = (cluster: PlacedCluster): [Property, string][] => [
  [cluster.controlPlaneNetwork, "the network of the control plane"],
  [cluster.allocation.at("clusterIpv4CidrBlock"), "the network of the pods"],
  [cluster.allocation.at("servicesIpv4CidrBlock"), "the network of the Services"],
  [cluster.routedPodNetwork, "the network of the pods"],
];

/** Pools of one cluster. Calico's are inside the network of its pods on purpose. */
function inPools(resources: readonly PolicyResource[]): PlacedNetwork[] {
  const [cluster, ...others] = resources.filter(isClusterElsewhere);
  const alsoIn = others.length === 0 ? cluster?.urn : undefined;
  return resources.flatMap((resource) => {
    const spec = Property.of(resource.props).at("spec");
    const provider = resource.provider?.urn ?? "";
    if (isCalicoPool(resource)) {
      const disabled = spec.at("disabled");
      if (disabled.isTrue || disabled.isUnknown) return [];
      const place = `Calico's pools ${provider}`;
      return placed(spec.at("cidr"), "a pool of Calico's", { resource, place, alsoIn });
    }
    if (!isPool(resource)) return [];
    const place = `MetalLB's pools ${provider}`;
    return spec
      .at("addresses")
      .items()
      .flatMap((address) =>
        placed(address, "a pool of MetalLB's", { resource, place }, parseBlock),
      );
  });
}

function placed(
  property: Property,
  use: string,
  where: Pick<PlacedNetwork, "resource" | "place" | "alsoIn">,
  parse = parseNetwork,
): PlacedNetwork[] {
  const { text, path } = property;
  if (text === undefined || faultOf(parse, text) !== undefined) return [];
  return [{ ...where, block: parse(text), use, path }];
}
