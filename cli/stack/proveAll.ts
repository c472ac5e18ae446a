/**
 * Asks several requests at once and prints one line of JSON for each, `{index, verdict}`. It runs as
 * a program of its own, because packets leave from the network namespace of the process that sends.
 *
 * Standard input: `{requests: ProbeRequest[], kubeconfig?: string}`.
 */
import { text } from "node:stream/consumers";

import { prove } from "../../probe/prove.ts";
import type { ProbeRequest } from "../../probe/request.ts";

const asked = JSON.parse(await text(process.stdin)) as {
  readonly requests: readonly ProbeRequest[];
  readonly kubeconfig?: string;
};

await Promise.all(
  asked.requests.map(async (request, index) => {
    const verdict = await prove(request, { kubeconfig: asked.kubeconfig });
    console.log(JSON.stringify({ index, verdict }));
  }),
);
