/**
 * Reads an existing cluster. The path of its kubeconfig comes in $KUBECONFIG, the context and the UID of
 * the recorded cluster in the variables of kube/pin.ts, and what the configuration says in
 * $PROVENET_EXPECTED.
 *
 * `identify` prints the cluster's UID and context. `read` compares the cluster with the configuration and
 * prints its nodes, and a kubeconfig of that context with everything inside. Both print JSON.
 */
import type { z } from "zod";

import { clusterUid, openApi } from "../../kube/api.ts";
import { readContext, selfContained } from "../../kube/kubeconfig.ts";
import { readNodes } from "../../kube/nodes.ts";
import { pinIn } from "../../kube/pin.ts";
import { runCommand } from "../runCommand.ts";
import { assertAsConfigured, readKubeProxy, readPodNetworks } from "./contradictions.ts";
import {
  clusterIdentitySchema,
  type clusterReadingSchema,
  expectationSchema,
  expectationVariable,
  kubeconfigVariable,
  previousVariable,
} from "./request.ts";

const file = process.env[kubeconfigVariable] ?? "";
const pin = pinIn(process.env);

await runCommand(process.argv[2], {
  identify: async () => {
    const context = pin.context ?? readContext(file).name;
    const uid = await clusterUid(openApi(file, { context, uid: recordedUid() }));
    const identity = { schemaVersion: 1, uid, context } as const;
    return JSON.stringify(identity satisfies z.input<typeof clusterIdentitySchema>);
  },
  read: async () => {
    const api = openApi(file, pin);
    const expected = expectationSchema.parse(JSON.parse(process.env[expectationVariable] ?? ""));
    const nodes = await readNodes(api);
    const [podNetworks, kubeProxy] = await Promise.all([readPodNetworks(api), readKubeProxy(api)]);
    assertAsConfigured(expected, { nodes, podNetworks, kubeProxy });
    const kubeconfig = selfContained(file, pin.context);
    const reading = { schemaVersion: 1, kubeconfig, nodes } as const;
    return JSON.stringify(reading satisfies z.input<typeof clusterReadingSchema>);
  },
});

/** The UID that an earlier version recorded without a context. */
function recordedUid(): string | undefined {
  const previous = process.env[previousVariable] ?? "";
  if (previous === "") return undefined;
  return clusterIdentitySchema.pick({ uid: true }).parse(JSON.parse(previous)).uid;
}
