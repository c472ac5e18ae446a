/**
 * Reads a cluster in Google Cloud.
 *
 * `write` stores the kubeconfig from stdin and prints its path. `identify` prints the cluster's UID
 * and `nodes` its nodes once they are Ready, with the kubeconfig in $KUBECONFIG.
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";

import writeFileAtomic from "write-file-atomic";
import type { z } from "zod";

import { clusterUid, openApi } from "../../kube/api.ts";
import { runCommand } from "../runCommand.ts";
import {
  expectedNodesVariable,
  type gkeFileSchema,
  type gkeIdentitySchema,
  gkeNameVariable,
  type gkeNodesSchema,
  kubeconfigVariable,
} from "./request.ts";
import { waitForNodes } from "./waitForNodes.ts";

/** A new DNS name is not known everywhere at once. */
const readySeconds = 300;

const answer = <Schema extends z.ZodType>(value: z.input<Schema>): string => JSON.stringify(value);

async function openReadyApi() {
  const api = openApi(process.env[kubeconfigVariable] ?? "");
  await api.waitUntilReady(readySeconds);
  return api;
}

await runCommand(process.argv[2], {
  write: async () => {
    const lab = process.env.PROVENET_LAB ?? "provenet";
    const path = join(".provenet", lab, `kubeconfig-${process.env[gkeNameVariable] ?? ""}`);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileAtomic.sync(path, await text(process.stdin), { mode: 0o600 });
    return answer<typeof gkeFileSchema>({ schemaVersion: 1, path });
  },
  identify: async () => {
    const uid = await clusterUid(await openReadyApi());
    return answer<typeof gkeIdentitySchema>({ schemaVersion: 1, uid });
  },
  nodes: async () => {
    const expected = Number(process.env[expectedNodesVariable] ?? "1");
    const limits = { deadlineSeconds: readySeconds, pauseSeconds: 3 };
    const nodes = await waitForNodes(await openReadyApi(), expected, limits);
    return answer<typeof gkeNodesSchema>({ schemaVersion: 1, nodes });
  },
});
