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
