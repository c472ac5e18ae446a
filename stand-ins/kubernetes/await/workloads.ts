import { asList, asMap, asText, at, type Properties } from "../../kit/values.ts";
import { count } from "../client.ts";
import { conditionOf, generationOf, identityOf } from "../objects.ts";
import { failed, ready, waiting, type Readiness, type RuleMaker, type View } from "./condition.ts";
import { podsBy, troublesOf } from "./pods.ts";
import { TroubleClock } from "./troubleClock.ts";

/** The pods that the newest version of a workload has made. */
type CurrentPods = (live: Properties, view: View) => Promise<Properties[]>;

/** Judges the workload itself, by its status. */
type Judgement = (live: Properties) => Readiness;

/** A rule that also looks at the workload's pods: it tells their troubles, and gives up on those that stay. */
function withPods(judge: Judgement, podsOf: CurrentPods): RuleMaker {
  return (view) => {
    const clock = new TroubleClock(view.now);
    return async (live) => {
      const judged = isObserved(live)
        ? judge(live)
        : waiting("the controller has not seen this change yet");
      if (judged.state === "ready") return judged;
      const pods = await podsOf(live, view);
      const troubles = troublesOf(pods);
      if (judged.state === "failed") return failed(...judged.reasons, ...troubles);
      const reasons = clock.observe(pods);
      if (reasons.length > 0) return failed(...reasons, `It was waited for: ${judged.why}`);
      return waiting([judged.why, ...troubles].join("; "));
    };
  };
}

/** The status may tell of an earlier version of the object. */
function isObserved(live: Properties): boolean {
  const observed = at(live, "status", "observedGeneration");
  return observed !== undefined ? count(observed) >= generationOf(live) : !hasObserver(live);
}

function hasObserver(live: Properties): boolean {
  return identityOf(live).apiVersion.startsWith("apps/");
}

function wantedReplicas(live: Properties): number {
  const replicas = at(live, "spec", "replicas");
  return replicas === undefined ? 1 : count(replicas);
}

function labelsOf(live: Properties): string {
  const selector = asMap(at(live, "spec", "selector"));
  const labels = Object.entries(asMap(selector.matchLabels)).map(
    ([name, value]) => `${name}=${asText(value) ?? ""}`,
  );
  const expressions = asList(selector.matchExpressions).map((expression) => {
    const key = asText(at(expression, "key")) ?? "";
    const operator = asText(at(expression, "operator")) ?? "";
    const values = asList(at(expression, "values")).map((value) => asText(value) ?? "");
    return operator === "Exists"
      ? key
      : operator === "DoesNotExist"
        ? `!${key}`
        : `${key} ${operator.toLowerCase()} (${values.join(",")})`;
  });
  return [...labels, ...expressions].join(",");
}

async function selectedPods(live: Properties, { api }: View): Promise<Properties[]> {
  return podsBy(api, identityOf(live).namespace ?? "default", labelsOf(live));
}

function isOwnedBy(object: Properties, owner: Properties): boolean {
  const uid = at(owner, "metadata", "uid");
  const owners = asList(at(object, "metadata", "ownerReferences"));
  return owners.some((reference) => at(reference, "uid") === uid);
}

const revisionPath = ["metadata", "annotations", "deployment.kubernetes.io/revision"] as const;

/** Pods of the newest ReplicaSet: those of the one before may well be broken, which is why there is a new one. */
async function podsOfDeployment(live: Properties, view: View): Promise<Properties[]> {
  const namespace = encodeURIComponent(identityOf(live).namespace ?? "default");
  const search = new URLSearchParams({ labelSelector: labelsOf(live) }).toString();
  const path = `/apis/apps/v1/namespaces/${namespace}/replicasets?${search}`;
  const sets = asList((await view.api.request({ method: "GET", path })).items).map(asMap);
  const newest = sets.find(
    (set) => isOwnedBy(set, live) && at(set, ...revisionPath) === at(live, ...revisionPath),
  );
  return newest ? (await selectedPods(live, view)).filter((pod) => isOwnedBy(pod, newest)) : [];
}

async function podsOfStatefulSet(live: Properties, view: View): Promise<Properties[]> {
  const revision = at(live, "status", "updateRevision");
  return (await selectedPods(live, view)).filter(
    (pod) =>
      isOwnedBy(pod, live) &&
      at(pod, "metadata", "labels", "controller-revision-hash") === revision,
  );
}

async function podsOfDaemonSet(live: Properties, view: View): Promise<Properties[]> {
  const generation = at(
    live,
    "metadata",
    "annotations",
    "deprecated.daemonset.template.generation",
  );
  return (await selectedPods(live, view)).filter((pod) => {
    const label = at(pod, "metadata", "labels", "pod-template-generation");
    return isOwnedBy(pod, live) && (generation === undefined || label === generation);
  });
}

function judgeDeployment(live: Properties): Readiness {
  const wanted = wantedReplicas(live);
  const status = asMap(live.status);
  const progress = conditionOf(live, "Progressing");
  if (progress?.reason === "ProgressDeadlineExceeded") {
    return failed(`${asText(progress.reason) ?? ""}: ${asText(progress.message) ?? ""}`);
  }
  const updated = count(status.updatedReplicas);
  const available = count(status.availableReplicas);
  const retiring = count(status.replicas) - updated;
  const done = updated >= wanted && available >= wanted && retiring <= 0;
  const rest = retiring > 0 ? `, ${retiring} old ones still there` : "";
  return done
    ? ready
    : waiting(`${available} of ${wanted} Pods available (${updated} updated${rest})`);
}

function judgeStatefulSet(live: Properties): Readiness {
  const wanted = wantedReplicas(live);
  const status = asMap(live.status);
  const readyReplicas = count(status.readyReplicas);
  const settled = count(status.replicas) === wanted && readyReplicas === wanted;
  const byHand = asText(at(live, "spec", "updateStrategy", "type")) === "OnDelete";
  if (settled && byHand && generationOf(live) > 1) return ready;
  const revision = asText(status.currentRevision);
  const rolledOut = revision !== undefined && revision === asText(status.updateRevision);
  return settled && rolledOut && count(status.currentReplicas) === wanted
    ? ready
    : waiting(
        `${readyReplicas} of ${wanted} Pods ready (${count(status.updatedReplicas)} updated)`,
      );
}

function judgeDaemonSet(live: Properties): Readiness {
  const status = asMap(live.status);
  const wanted = count(status.desiredNumberScheduled);
  const [least = 0] = [
    count(status.currentNumberScheduled),
    count(status.updatedNumberScheduled),
    count(status.numberAvailable),
    count(status.numberReady),
  ].sort((one, other) => one - other);
  return least >= wanted
    ? ready
    : waiting(
        `${count(status.numberAvailable)} of ${wanted} Pods available (${count(status.updatedNumberScheduled)} updated)`,
      );
}

function judgeJob(live: Properties): Readiness {
  const broken = conditionOf(live, "Failed");
  if (broken?.status === "True") {
    return failed(
      `the Job failed: ${asText(broken.reason) ?? ""}: ${asText(broken.message) ?? ""}`,
    );
  }
  if (conditionOf(live, "Complete")?.status === "True") return ready;
  const status = asMap(live.status);
  const told = ["active", "succeeded", "failed"].map((name) => `${count(status[name])} ${name}`);
  return waiting(`Pods: ${told.join(", ")}`);
}

function judgePod(live: Properties): Readiness {
  const phase = asText(at(live, "status", "phase")) ?? "Pending";
  if (phase === "Succeeded" || conditionOf(live, "Ready")?.status === "True") return ready;
  if (phase === "Failed") {
    const { reason, message } = asMap(live.status);
    return failed(["the Pod failed", asText(reason), asText(message)].filter(Boolean).join(": "));
  }
  return waiting(`the Pod is ${phase}`);
}

/** Rules for kinds that run pods. */
export const workloadRules: Readonly<Record<string, RuleMaker>> = {
  "apps/Deployment": withPods(judgeDeployment, podsOfDeployment),
  "apps/StatefulSet": withPods(judgeStatefulSet, podsOfStatefulSet),
  "apps/DaemonSet": withPods(judgeDaemonSet, podsOfDaemonSet),
  "batch/Job": withPods(judgeJob, selectedPods),
  "/Pod": withPods(judgePod, async (live) => Promise.resolve([live])),
};
