/** Settings with networks as text, which the cluster stage still takes. */
import type { MinikubeRequest } from "../../programs/minikube/request.ts";
import type {
  ClusterSettings as Parsed,
  ExistingSettings as Existing,
  GkeSettings as Gke,
} from "./schema/cluster.ts";

export type { CustomResourceDefinitionManifest } from "../kubernetes/crdManifest.ts";

type Networks = "nodeNetwork" | "podNetwork" | "serviceNetwork";
type AsText<Settings> = Omit<Settings, Networks> & Readonly<Record<Networks, string>>;

export type MinikubeSettings = MinikubeRequest & { readonly kind: "minikube" };
export type ExistingSettings = AsText<Existing>;
export type GkeSettings = AsText<Gke>;
export type ClusterSettings = MinikubeSettings | ExistingSettings | GkeSettings;

/** The cluster's settings with networks as text. */
export function asText(settings: Parsed): ClusterSettings {
  return {
    ...settings,
    nodeNetwork: settings.nodeNetwork.text,
    podNetwork: settings.podNetwork.text,
    serviceNetwork: settings.serviceNetwork.text,
  };
}
