import { setTimeout as delay } from "node:timers/promises";

import { inLab } from "./lab.ts";

/** What a client has seen while it asked again and again. */
export interface Polling {
  readonly requests: number;
  readonly failed: number;
  /** The longest time in which no request succeeded. */
  readonly longestSeconds: number;
}

/** Asks an address for the web application from the client until `work` has ended. */
export async function pollDuring<Result>(
  address: string,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly polling: Polling }> {
  const state = { ended: false };
  const working = work().finally(() => {
    state.ended = true;
  });
  let [requests, failed, longestSeconds, answered] = [0, 0, 0, Date.now()];
  while (!state.ended) {
    const asked = Date.now();
    const curl = ["curl", "--silent", "--max-time", "2", "--no-keepalive", address];
    const { output } = await inLab("client", curl);
    requests++;
    if (output.startsWith("provenet web\n")) {
      longestSeconds = Math.max(longestSeconds, (asked - answered) / 1000);
      answered = Date.now();
    } else {
      failed++;
    }
    await delay(100);
  }
  longestSeconds = Math.max(longestSeconds, (Date.now() - answered) / 1000);
  return { result: await working, polling: { requests, failed, longestSeconds } };
}
