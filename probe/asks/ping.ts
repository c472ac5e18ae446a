import { run } from "../../net/run.ts";

/**
 * Pings once and describes the answer. Undefined when the signal ended it. Many service addresses
 * do not answer, so silence proves nothing.
 */
export async function ping(address: string, signal?: AbortSignal): Promise<string | undefined> {
  const argv = ["ping", "-c1", "-W1", "-n", address];
  const ran = await run(argv, signal === undefined ? {} : { signal });
  if (ran.kind === "stuck") return undefined;
  if (ran.kind === "absent") return `ping: ${ran.why}`;
  return readPing(ran.stdout);
}

/** The output of ping in one line. */
export function readPing(output: string): string {
  const reply = /^\d+ bytes from .*$/m.exec(output)?.[0];
  if (reply !== undefined) return `ping: ${reply}`;
  const [, sender, what] = /^From (\S+?):? icmp_seq=\d+ (.+)$/m.exec(output) ?? [];
  if (sender !== undefined && what !== undefined) return `ping: ${what}, reported by ${sender}`;
  return "ping: no reply (many service addresses do not reply)";
}
