import type * as pulumi from "@pulumi/pulumi";

import type { ClusterSettings } from "../config/settings.ts";
import type { ClusterAccess } from "./access.ts";
import { ExistingCluster } from "./existing/existingCluster.ts";
import { refuseGke } from "./gke/gkeCluster.ts";
import { MinikubeCluster } from "./minikube/minikubeCluster.ts";

/** The cluster that the settings ask for: the one place that tells the kinds apart. */
export function createCluster(
  name: string,
  settings: ClusterSettings,
  opts?: pulumi.ComponentResourceOptions,
): ClusterAccess {
  switch (settings.kind) {
    case "minikube":
      return new MinikubeCluster(name, settings, opts);
    case "existing":
      return new ExistingCluster(name, settings, opts);
    case "gke":
      return refuseGke(settings);
  }
}
