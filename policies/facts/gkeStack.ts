/** The GKE clusters of a stack, with the resources that belong to them. */
import type { PolicyResource } from "@pulumi/policy";

import { inputsOf } from "../sdk/inputs.ts";
import { Property } from "../sdk/property.ts";
import { gkeClusterIn, isGkeNodePool, nodeSetsIn, type GkeCluster, type NodeSet } from "./gke.ts";

/** A set of nodes and the resource that a finding about it names. */
export interface PlacedNodeSet extends NodeSet {
  readonly resource: PolicyResource;
}

/** A cluster of the stack. */
export interface PlacedCluster extends GkeCluster {
  readonly resource: PolicyResource;
  /** The nodes that the stack gives it. */
  readonly nodeSets: readonly PlacedNodeSet[];
  /** Its subnetwork, if the stack has it. */
  readonly placedIn: Subnetwork | undefined;
}

/** A subnetwork of a VPC. */
export interface Subnetwork {
  readonly resource: PolicyResource;
  readonly network: Property;
  /** The range of the nodes. */
  readonly primary: Property;
  /** The ranges that clusters take addresses of pods and Services from. */
  readonly secondary: readonly { readonly name: Property; readonly network: Property }[];
}

/** The clusters of the stack. */
export function gkeClustersIn(resources: readonly PolicyResource[]): PlacedCluster[] {
  const clusters = resources.filter((resource) => gkeClusterIn(resource) !== undefined);
  const pools = resources.filter(isGkeNodePool);
  const subnetworks = subnetworksIn(resources);
  return clusters.flatMap((resource) => {
    const settings = gkeClusterIn(resource);
    if (settings === undefined) return [];
    const owned = pools.filter((pool) => targetOf(pool, "cluster", clusters) === resource);
    const places = subnetworks.map((subnetwork) => subnetwork.resource);
    const place = targetOf(resource, "subnetwork", places);
    return {
      ...settings,
      resource,
      nodeSets: [resource, ...owned].flatMap((each) =>
        nodeSetsIn(each).map((set) => ({ ...set, resource: each })),
      ),
      placedIn: subnetworks.find((subnetwork) => subnetwork.resource === place),
    };
  });
}

/** Whether the resource is the component of a cluster that is not in Google Cloud. */
export const isClusterElsewhere = ({ type }: Pick<PolicyResource, "type">): boolean =>
  /^provenet:cluster:(?!Gke)\w*Cluster$/.test(type);

/**
 * The cluster that all Kubernetes objects of the stack are in. Undefined where the stack has several
 * clusters, or one that is not in Google Cloud.
 */
export function soleGkeClusterIn(resources: readonly PolicyResource[]): PlacedCluster | undefined {
  const [cluster, ...others] = gkeClustersIn(resources);
  return others.length > 0 || resources.some(isClusterElsewhere) ? undefined : cluster;
}

/** The subnetworks of the stack. */
export function subnetworksIn(resources: readonly PolicyResource[]): Subnetwork[] {
  return resources
    .filter(({ type }) => type === "gcp:compute/subnetwork:Subnetwork")
    .map((resource) => {
      const subnetwork = Property.of(inputsOf(resource.props));
      return {
        resource,
        network: subnetwork.at("network"),
        primary: subnetwork.at("ipCidrRange"),
        secondary: subnetwork
          .at("secondaryIpRanges")
          .items()
          .map((range) => ({ name: range.at("rangeName"), network: range.at("ipCidrRange") })),
      };
    });
}

/**
 * The resource that a property refers to, by its name or its path. An unknown reference is the
 * resource that the value comes from, or the only candidate. Undefined where it may be another.
 */
export function targetOf(
  resource: PolicyResource,
  key: string,
  candidates: readonly PolicyResource[],
): PolicyResource | undefined {
  const value = Property.of(inputsOf(resource.props)).at(key);
  const sources = resource.propertyDependencies[key] ?? [];
  const [source, ...others] = candidates.filter((candidate) =>
    sources.some(({ urn }) => urn === candidate.urn),
  );
  if (source !== undefined && others.length === 0) return source;
  if (value.isUnknown) return candidates.length === 1 ? candidates[0] : undefined;
  const name = value.text?.split("/").at(-1);
  return candidates.find(({ props }) => {
    const given = Property.of(props).at("name").text;
    return given !== undefined && given === name;
  });
}
