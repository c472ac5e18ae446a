/**
 * Reads the kubeconfig of an existing cluster. Its path comes in $KUBECONFIG, the context and the UID of
 * the recorded cluster in the variables of kube/pin.ts.
 *
 * `identify` prints the cluster's UID and context as JSON, `nodes` its nodes. `read` prints a kubeconfig
 * of that context with everything inside.
 */
import type { z } from "zod";

import { clusterUid, openApi } from "../../kube/api.ts";
import { readContext, selfContained } from "../../kube/kubeconfig.ts";
import { readNodes } from "../../kube/nodes.ts";
import { pinIn } from "../../kube/pin.ts";
import { runCommand } from "../runCommand.ts";
import {
  clusterIdentitySchema,
  type clusterNodesSchema,
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
    await clusterUid(openApi(file, pin));
    return selfContained(file, pin.context);
  },
  nodes: async () => {
    const nodes = await readNodes(openApi(file, pin));
    return JSON.stringify({ schemaVersion: 1, nodes } satisfies z.input<typeof clusterNodesSchema>);
  },
});

/** The UID that an earlier version recorded without a context. */
function recordedUid(): string | undefined {
  const previous = process.env[previousVariable] ?? "";
  if (previous === "") return undefined;
  return clusterIdentitySchema.pick({ uid: true }).parse(JSON.parse(previous)).uid;
}
