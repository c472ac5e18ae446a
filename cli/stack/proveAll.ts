/**
 * Proves several requests at once and prints one line of JSON for each, `{index, verdict}`. It is a
 * separate program, because packets leave from the network namespace of the process that sends them.
 *
 * Standard input: `{requests: ProbeRequest[], kubeconfig?: string}`.
 */
import { text } from "node:stream/consumers";

import { prove } from "../../probe/prove.ts";
import type { ProbeRequest } from "../../probe/request.ts";

const input = JSON.parse(await text(process.stdin)) as {
  readonly requests: readonly ProbeRequest[];
  readonly kubeconfig?: string;
};

await Promise.all(
  input.requests.map(async (request, index) => {
    const verdict = await prove(request, { kubeconfig: input.kubeconfig });
    console.log(JSON.stringify({ index, verdict }));
  }),
);
