import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** A Service's status as it may really be seen; the SDK types every part of it as always there. */
interface SeenStatus {
  readonly loadBalancer?: {
    readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
  };
}

/**
 * The address a `LoadBalancer` Service was given; resolves once it has one. A first preview of a
 * Service may already show its status, still without an address: the address stays unknown then.
 */
export function loadBalancerAddress(service: k8s.core.v1.Service): pulumi.Output<string> {
  const seen: pulumi.Output<SeenStatus | undefined> = service.status;
  return pulumi
    .all([seen, service.metadata])
    .apply(([status, { namespace, name }]): pulumi.Output<string> => {
      const entry = status?.loadBalancer?.ingress?.[0];
      const address = entry?.ip ?? entry?.hostname;
      if (address !== undefined) return pulumi.output(address);
      if (pulumi.runtime.isDryRun()) return pulumi.output(pulumi.unknown as unknown as string);
      throw new pulumi.RunError(
        `Service ${namespace}/${name} has no load balancer address; ` +
          `"kubectl -n ${namespace} describe service ${name}" says why`,
      );
    });
}
