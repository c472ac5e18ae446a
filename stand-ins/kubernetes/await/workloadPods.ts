import { formatSelector } from "../../../kube/selector.ts";
import { asList, asMap, at, type Properties } from "../../kit/values.ts";
import { identityOf } from "../objects.ts";
import type { View } from "./condition.ts";
import { podsBy } from "./pods.ts";

/** The pods of the newest version of a workload. */
export type CurrentPods = (live: Properties, view: View) => Promise<Properties[]>;

/** The pods that the workload selects, of any version. */
export const selectedPods: CurrentPods = async (live, { api }) =>
  podsBy(api, identityOf(live).namespace ?? "default", selectorOf(live));

const revisionPath = ["metadata", "annotations", "deployment.kubernetes.io/revision"] as const;

/** The pods of the newest ReplicaSet. The pods of the previous one may be broken, and are being replaced. */
export const podsOfDeployment: CurrentPods = async (live, view) => {
  const namespace = encodeURIComponent(identityOf(live).namespace ?? "default");
  const search = new URLSearchParams({ labelSelector: selectorOf(live) }).toString();
  const path = `/apis/apps/v1/namespaces/${namespace}/replicasets?${search}`;
  const sets = asList((await view.api.request({ method: "GET", path })).items).map(asMap);
  const newest = sets.find(
    (set) => isOwnedBy(set, live) && at(set, ...revisionPath) === at(live, ...revisionPath),
  );
  return newest ? (await selectedPods(live, view)).filter((pod) => isOwnedBy(pod, newest)) : [];
};

/** The pods of the revision that is being rolled out. */
export const podsOfStatefulSet: CurrentPods = async (live, view) => {
  const revision = at(live, "status", "updateRevision");
  const hash = (pod: Properties) => at(pod, "metadata", "labels", "controller-revision-hash");
  const pods = await selectedPods(live, view);
  return pods.filter((pod) => isOwnedBy(pod, live) && hash(pod) === revision);
};

const generationPath = ["metadata", "annotations", "deprecated.daemonset.template.generation"];

/** The pods of the newest template. */
export const podsOfDaemonSet: CurrentPods = async (live, view) => {
  const generation = at(live, ...generationPath);
  const label = (pod: Properties) => at(pod, "metadata", "labels", "pod-template-generation");
  const pods = await selectedPods(live, view);
  return pods.filter(
    (pod) => isOwnedBy(pod, live) && (generation === undefined || label(pod) === generation),
  );
};

function selectorOf(live: Properties): string {
  return formatSelector(asMap(at(live, "spec", "selector")));
}

function isOwnedBy(object: Properties, owner: Properties): boolean {
  const uid = at(owner, "metadata", "uid");
  const owners = asList(at(object, "metadata", "ownerReferences"));
  return owners.some((reference) => at(reference, "uid") === uid);
}
