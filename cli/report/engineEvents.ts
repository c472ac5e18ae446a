/** What the engine reports about a run. */
import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";

/** Reads events of the engine, one a line. A line that a killed program left unfinished is skipped. */
export function parseEvents(text: string): EngineEvent[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as EngineEvent);
}

/** Errors among the engine's events, such as those that a plugin reports about a resource. */
export function errorsIn(events: readonly EngineEvent[]): string {
  return events
    .flatMap(({ diagnosticEvent }) =>
      diagnosticEvent?.severity === "error" ? [diagnosticEvent.message] : [],
    )
    .join("\n");
}

/**
 * Seconds until the last change of the cluster stage was done. Then every node is Ready. The engine's
 * clock has whole seconds. Undefined when nothing in the stage was made or changed.
 *
 * @param began when the run began, in seconds since 1970
 */
export function clusterSeconds(events: readonly EngineEvent[], began: number): number | undefined {
  const last = events.findLast(({ resOutputsEvent }) => {
    const { op, urn = "" } = resOutputsEvent?.metadata ?? {};
    const isMade = op === "create" || op === "update" || op === "create-replacement";
    return isMade && urn.includes("provenet:cluster:");
  });
  return last === undefined ? undefined : Math.max(0, Math.round(last.timestamp - began));
}
