import { asMap, asText, at, type Properties } from "../../kit/values.ts";
import { count } from "../client.ts";
import { conditionOf, generationOf, identityOf } from "../objects.ts";
import { failed, ready, waiting, type Readiness, type RuleMaker } from "./condition.ts";
import { troublesOf } from "./pods.ts";
import { TroubleClock } from "./troubleClock.ts";
import {
  podsOfDaemonSet,
  podsOfDeployment,
  podsOfStatefulSet,
  selectedPods,
  type CurrentPods,
} from "./workloadPods.ts";

/** Whether the workload's own status says that it is ready. */
type Judgement = (live: Properties) => Readiness;

/** A rule that reports the problems of the workload's pods. It fails when a problem persists. */
function withPods(judge: Judgement, podsOf: CurrentPods): RuleMaker {
  return (view) => {
    const clock = new TroubleClock(view.now);
    return async (live) => {
      const judged = isObserved(live)
        ? judge(live)
        : waiting("the controller has not observed this change yet");
      if (judged.state === "ready") return judged;
      const pods = await podsOf(live, view);
      const troubles = troublesOf(pods);
      if (judged.state === "failed") return failed(...judged.reasons, ...troubles);
      const reasons = clock.observe(pods);
      if (reasons.length > 0) return failed(...reasons, `Waited for: ${judged.why}`);
      return waiting([judged.why, ...troubles].join("; "));
    };
  };
}

/** Whether the status describes this version of the object. */
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
  const rest = retiring > 0 ? `, ${retiring} old ones remain` : "";
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
  const counts = ["active", "succeeded", "failed"].map((name) => `${count(status[name])} ${name}`);
  return waiting(`Pods: ${counts.join(", ")}`);
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
