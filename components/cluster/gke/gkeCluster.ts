import * as pulumi from "@pulumi/pulumi";

import type { GkeSettings } from "../../config/settings.ts";

/**
 * Refuses a cluster in Google Cloud, whose settings are read and checked but not yet acted on.
 *
 * @throws pulumi.RunError always.
 */
export function refuseGke({ name, location }: GkeSettings): never {
  throw new pulumi.RunError(
    `the cluster "${name}" in ${location} is not yet something this program can make: set provenet:cluster to kind minikube (it makes one), or to kind existing with the kubeconfigFile of a cluster that you made`,
  );
}
