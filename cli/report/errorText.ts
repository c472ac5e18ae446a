/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The engine's message without its own `error:`. */
export function withoutMark(stderr: string): string {
  return stderr.replace(/^error: /, "").trim();
}
