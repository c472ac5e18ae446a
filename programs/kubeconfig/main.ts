/**
 * Reads the kubeconfig of an existing cluster. Its path comes in $KUBECONFIG.
 *
 * `identify` prints the cluster's UID as JSON, `nodes` its nodes. `read` prints the kubeconfig
 * with everything inside.
 */
import type { z } from "zod";

import { clusterUid, openApi } from "../../kube/api.ts";
import { selfContained } from "../../kube/kubeconfig.ts";
import { readNodes } from "../../kube/nodes.ts";
import { runCommand } from "../runCommand.ts";
import {
  type clusterIdentitySchema,
  type clusterNodesSchema,
  kubeconfigVariable,
} from "./request.ts";

const file = process.env[kubeconfigVariable] ?? "";

await runCommand(process.argv[2], {
  identify: async () => {
    const uid = await clusterUid(openApi(file));
    return JSON.stringify({ schemaVersion: 1, uid } satisfies z.input<
      typeof clusterIdentitySchema
    >);
  },
  nodes: async () => {
    const nodes = await readNodes(openApi(file));
    return JSON.stringify({ schemaVersion: 1, nodes } satisfies z.input<typeof clusterNodesSchema>);
  },
  read: () => selfContained(file),
});
