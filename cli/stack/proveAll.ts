/**
 * Proves several requests at once and prints one line of JSON for each, `{index, verdict}`. It is a
 * separate program, because packets leave from the network namespace of the process that sends them.
 *
 * Standard input: `{requests: ProbeRequest[], kubeconfig?: string, pin?: Pin}`. When the pin's context
 * reaches another cluster, it prints `{refused: {message, fix}}` instead.
 */
import { text } from "node:stream/consumers";

import { clusterUid, openApi } from "../../kube/api.ts";
import { assertRecorded, type Pin } from "../../kube/pin.ts";
import { UserError } from "../../messages/errors.ts";
import { prove } from "../../probe/prove.ts";
import type { ProbeRequest } from "../../probe/request.ts";

const input = JSON.parse(await text(process.stdin)) as {
  readonly requests: readonly ProbeRequest[];
  readonly kubeconfig?: string;
  readonly pin?: Pin;
};
const { requests, kubeconfig, pin = {} } = input;

const [refused, verdicts] = await Promise.all([
  refusal(),
  Promise.all(requests.map((request) => prove(request, { kubeconfig, pin }))),
]);
if (refused === undefined) {
  verdicts.forEach((verdict, index) => {
    console.log(JSON.stringify({ index, verdict }));
  });
} else {
  const { message, fix } = refused;
  console.log(JSON.stringify({ refused: { message, fix } }));
}

/** Why the cluster is not the recorded one. A cluster that does not answer leaves a hop unknown. */
async function refusal(): Promise<UserError | undefined> {
  if (kubeconfig === undefined || pin.uid === undefined) return undefined;
  const { context, uid } = pin;
  const reached = await clusterUid(openApi(kubeconfig, { context, timeoutSeconds: 3 })).catch(
    () => undefined,
  );
  if (reached === undefined) return undefined;
  try {
    assertRecorded({ context, uid }, reached, kubeconfig);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return undefined;
}
