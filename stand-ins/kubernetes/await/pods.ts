import { asList, asMap, asText, at, type Properties, type Value } from "../../kit/values.ts";
import { count, type ApiClient } from "../client.ts";
import { conditionOf, idOf } from "../objects.ts";

/** Waiting reasons that persist without a change. */
const terminalReasons = new Set([
  "CrashLoopBackOff",
  "CreateContainerConfigError",
  "CreateContainerError",
  "ErrImageNeverPull",
  "ErrImagePull",
  "ImageInspectError",
  "ImagePullBackOff",
  "InvalidImageName",
  "RunContainerError",
]);

/** Waiting reasons of a starting container. */
const startingReasons = new Set(["ContainerCreating", "PodInitializing"]);

/** Status of one container. */
export interface ContainerReport {
  /** Unique across pods. */
  readonly key: string;
  readonly terminal: boolean;
  readonly ready: boolean;
  readonly restarts: number;
  /** Pod, container, reason and message of a problem. */
  readonly trouble: string | undefined;
}

/** Status of all containers of a pod, init containers first. */
export function reportsOf(pod: Properties): ContainerReport[] {
  return [
    ...asList(at(pod, "status", "initContainerStatuses")),
    ...asList(at(pod, "status", "containerStatuses")),
  ].map((status) => reportOf(pod, asMap(status)));
}

function reportOf(pod: Properties, status: Properties): ContainerReport {
  const state = asMap(status.state);
  const reason = asText(at(state, "waiting", "reason"));
  const name = asText(status.name) ?? "";
  return {
    key: `${asText(at(pod, "metadata", "uid")) ?? ""}/${name}`,
    terminal: reason !== undefined && terminalReasons.has(reason),
    ready: status.ready === true,
    restarts: count(status.restartCount),
    trouble: troubleOf(`Pod ${idOf(pod)}, container ${name}`, status),
  };
}

function troubleOf(who: string, status: Properties): string | undefined {
  const state = asMap(status.state);
  const reason = asText(at(state, "waiting", "reason"));
  if (reason !== undefined && !startingReasons.has(reason)) {
    const message = asText(at(state, "waiting", "message"));
    const last = endingOf(at(status, "lastState", "terminated"));
    const details = [message, last && `it last ended with ${last}`].filter(Boolean).join("; ");
    return `${who}: ${reason}${details === "" ? "" : `: ${details}`}`;
  }
  const ended = endingOf(state.terminated);
  if (ended !== undefined && count(at(state, "terminated", "exitCode")) !== 0) {
    return `${who}: ended with ${ended}`;
  }
  return state.running !== undefined && status.ready !== true
    ? `${who}: runs but is not ready`
    : undefined;
}

function endingOf(terminated: Value | undefined): string | undefined {
  if (terminated === undefined) return undefined;
  const message = asText(at(terminated, "message"))?.trim();
  const code = count(at(terminated, "exitCode"));
  return `${asText(at(terminated, "reason")) ?? "Ended"} (exit code ${code})${message ? `: ${message}` : ""}`;
}

/** Why a pod is not scheduled. */
export function schedulingOf(pod: Properties): string | undefined {
  const scheduled = conditionOf(pod, "PodScheduled");
  return scheduled?.status === "False"
    ? `Pod ${idOf(pod)}: ${asText(scheduled.reason) ?? "not scheduled"}: ${asText(scheduled.message) ?? ""}`
    : undefined;
}

/** All problems of pods, without repetitions. */
export function troublesOf(pods: readonly Properties[]): string[] {
  const all = pods.flatMap((pod) => [
    schedulingOf(pod),
    ...reportsOf(pod).map(({ trouble }) => trouble),
  ]);
  return [...new Set(all.filter((trouble) => trouble !== undefined))];
}

/** Pods that match the selector and are not being deleted. */
export async function podsBy(
  api: ApiClient,
  namespace: string,
  labelSelector: string,
): Promise<Properties[]> {
  const search = new URLSearchParams({ labelSelector }).toString();
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods?${search}`;
  const answer = await api.request({ method: "GET", path });
  return asList(answer.items)
    .map(asMap)
    .filter((pod) => at(pod, "metadata", "deletionTimestamp") === undefined);
}
