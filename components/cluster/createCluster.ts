import type { ClusterSettings } from "../config/schema/cluster.ts";
import type { ClusterAccess } from "./access.ts";
import { ExistingCluster } from "./existing/existingCluster.ts";
import { GkeCluster } from "./gke/gkeCluster.ts";
import { MinikubeCluster } from "./minikube/minikubeCluster.ts";

/** The cluster that the settings describe, as the component for its kind. */
export function createCluster(name: string, settings: ClusterSettings): ClusterAccess {
  switch (settings.kind) {
    case "minikube":
      return new MinikubeCluster(name, settings);
    case "existing":
      return new ExistingCluster(name, settings);
    case "gke":
      return new GkeCluster(name, settings);
  }
}
