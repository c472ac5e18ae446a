/** Reads the engine's event log: which stage took how long, what changed, what went wrong. */

/** What one run of the engine did. */
export interface EngineRun {
  /** Seconds from the first to the last event of each stage, in the order in which they began. */
  readonly stages: readonly { readonly stage: string; readonly seconds: number }[];
  /** Number of resources by what was done with them, such as `{create: 3, same: 12}`. */
  readonly changes: Readonly<Record<string, number>>;
  /** Messages of severity error, each once. */
  readonly errors: readonly string[];
  /** Whether somebody pressed Ctrl-C and the engine stopped in good order. */
  readonly canceled: boolean;
}

interface Event {
  readonly timestamp?: number;
  readonly resourcePreEvent?: { readonly metadata?: { readonly urn?: string } };
  readonly resOutputsEvent?: { readonly metadata?: { readonly urn?: string } };
  readonly diagnosticEvent?: { readonly severity?: string; readonly message?: string };
  readonly stdoutEvent?: { readonly message?: string };
  readonly summaryEvent?: { readonly resourceChanges?: Readonly<Record<string, number>> };
}

/**
 * Reads the text of a log that `pulumi --event-log` wrote. Lines that are no event are passed over:
 * the engine may have been killed in the middle of one.
 */
export function parseEventLog(text: string): EngineRun {
  const spans = new Map<string, { readonly first: number; readonly last: number }>();
  const errors = new Set<string>();
  let changes: Readonly<Record<string, number>> = {};
  let canceled = false;
  for (const event of text.split("\n").map(parseEvent)) {
    const urn = event?.resourcePreEvent?.metadata?.urn ?? event?.resOutputsEvent?.metadata?.urn;
    const stage = urn === undefined ? undefined : stageOf(urn);
    const time = event?.timestamp;
    if (stage !== undefined && time !== undefined) {
      spans.set(stage, { first: spans.get(stage)?.first ?? time, last: time });
    }
    if (event?.diagnosticEvent?.severity === "error") {
      errors.add(plain(event.diagnosticEvent.message ?? ""));
    }
    canceled ||= /\^C received/.test(event?.stdoutEvent?.message ?? "");
    changes = event?.summaryEvent?.resourceChanges ?? changes;
  }
  errors.delete("");
  return {
    stages: [...spans].map(([stage, { first, last }]) => ({ stage, seconds: last - first })),
    changes,
    errors: [...errors],
    canceled,
  };
}

/** A message without the engine's marks for colours, such as `<{%reset%}>`. */
function plain(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}

function parseEvent(line: string): Event | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return typeof event === "object" && event !== null ? event : undefined;
  } catch {
    return undefined;
  }
}

/** The stage of the outermost component of ours: `…::provenet:network:Calico$kubernetes:…` → network. */
export function stageOf(urn: string): string | undefined {
  return /::provenet:([a-z]+):[A-Za-z]+(?:\$|::)/.exec(urn)?.[1];
}

/** `3 created, 1 updated`, or `no changes`. */
export function formatChanges(changes: Readonly<Record<string, number>>): string {
  const words: Readonly<Record<string, string>> = {
    create: "created",
    update: "updated",
    replace: "replaced",
    delete: "deleted",
  };
  const parts = Object.entries(words)
    .filter(([operation]) => (changes[operation] ?? 0) > 0)
    .map(([operation, word]) => `${changes[operation] ?? 0} ${word}`);
  return parts.length === 0 ? "no changes" : parts.join(", ");
}
