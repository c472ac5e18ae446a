import { run } from "../../net/run.ts";

/**
 * Pings once and says what came back, in words; undefined when it was ended early.
 * Many service addresses answer no ping, so silence proves nothing.
 */
export async function ping(address: string, signal?: AbortSignal): Promise<string | undefined> {
  const argv = ["ping", "-c1", "-W1", "-n", address];
  const ran = await run(argv, signal === undefined ? {} : { signal });
  if (ran.kind === "stuck") return undefined;
  if (ran.kind === "absent") return `ping: ${ran.why}`;
  return readPing(ran.stdout);
}

/** What ping's output says, in one line. */
export function readPing(output: string): string {
  const reply = /^\d+ bytes from .*$/m.exec(output)?.[0];
  if (reply !== undefined) return `ping: ${reply}`;
  const [, sender, what] = /^From (\S+?):? icmp_seq=\d+ (.+)$/m.exec(output) ?? [];
  if (sender !== undefined && what !== undefined) return `ping: ${what}, says ${sender}`;
  return "ping: no reply (many service addresses give none)";
}
