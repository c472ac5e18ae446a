import * as pulumi from "@pulumi/pulumi";

import type { GkeSettings } from "../../config/schema/cluster.ts";

/**
 * Refuses a cluster in Google Cloud. The configuration is checked, but the program cannot make one yet.
 *
 * @throws pulumi.RunError always.
 */
export function refuseGke({ name, location }: GkeSettings): never {
  throw new pulumi.RunError(
    `provenet cannot make the cluster "${name}" in ${location} yet.\n` +
      "Fix: set provenet:cluster to kind minikube, which provenet makes, or to kind existing with the kubeconfigFile of a cluster that you made",
  );
}
