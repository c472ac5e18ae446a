import { connect } from "node:net";

import type { Outcome } from "../symptoms.ts";
import { outcomeOfError } from "./errors.ts";

/** Opens a TCP connection and closes it. */
export function askTcp(
  address: string,
  port: number,
  timeoutMilliseconds: number,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const started = performance.now();
    const socket = connect({ host: address, port });
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => {
      end({ symptom: "silence", text: "silence", evidence: [] });
    }, timeoutMilliseconds);
    socket.on("connect", () => {
      const text = `connected in ${Math.round(performance.now() - started)} ms`;
      const source = socket.localAddress;
      end({
        symptom: "answer",
        text,
        evidence: [text],
        ...(source === undefined ? {} : { source }),
      });
    });
    // Stays after the end, because a late error must not throw.
    socket.on("error", (error) => {
      end(outcomeOfError(error));
    });
  });
}
