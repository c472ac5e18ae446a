import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * What assigns the address of a `LoadBalancer` Service: a pool of MetalLB, or a cloud that reserved
 * the address under a name.
 */
export type AddressSource = { readonly pool: string } | { readonly reservation: string };

/** Annotations that request the address from its source. */
export function addressAnnotations(source: AddressSource): Record<string, string> {
  if ("pool" in source) return { "metallb.io/address-pool": source.pool };
  return {
    // Only GKE's load balancers with a backend service look addresses up by name.
    "cloud.google.com/l4-rbs": "enabled",
    "networking.gke.io/load-balancer-ip-addresses": source.reservation,
  };
}

/** A status as the API server sends it. The SDK types every part of it as present. */
interface Status {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
  };
}

/**
 * The address in the status of a `LoadBalancer` Service or an Ingress. Resolves once it has one.
 *
 * It stays unknown in a preview that shows a status without an address.
 */
export function loadBalancerAddress(
  object: k8s.core.v1.Service | k8s.networking.v1.Ingress,
): pulumi.Output<string> {
  const status: pulumi.Output<Status | undefined> = object.status;
  return pulumi
    .all([status, object.kind, object.metadata])
    .apply(([seen, kind, { namespace, name }]): pulumi.Output<string> => {
      const entry = seen?.loadBalancer?.ingress?.[0];
      const address = entry?.ip ?? entry?.hostname;
      if (address !== undefined) return pulumi.output(address);
      if (pulumi.runtime.isDryRun()) return pulumi.output(pulumi.unknown as unknown as string);
      throw new pulumi.RunError(
        `${kind} ${namespace}/${name} has no load balancer address.\n` +
          `Fix: find out why with "kubectl -n ${namespace} describe ${kind.toLowerCase()} ${name}"`,
      );
    });
}
