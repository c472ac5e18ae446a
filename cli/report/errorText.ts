import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The engine's message without its own `error:`. */
export function withoutMark(stderr: string): string {
  return stderr.replace(/^error: /, "").trim();
}

/**
 * The engine's own error in a message of the Automation API, which also quotes standard output.
 * Undefined when the engine wrote none. Its events then carry the reason.
 */
export function engineErrorIn(message: string): string | undefined {
  const [, stderr = message] = /^ stderr: ([^]*?)^ err\?: /m.exec(message) ?? [];
  return /^\s*(error: [^]*)$/m.exec(stderr)?.[1]?.trim();
}

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
