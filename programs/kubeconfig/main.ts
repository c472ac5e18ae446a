/**
 * Reads a kubeconfig for a cluster that is there already. The file's path is in $KUBECONFIG.
 *
 * `identify` prints one line of JSON with the cluster's UID, `read` the self-contained kubeconfig.
 */
import { runCommand } from "../runCommand.ts";
import { clusterUid } from "../../kube/api.ts";
import { readConnection, selfContained } from "../../kube/kubeconfig.ts";

const file = process.env.KUBECONFIG ?? "";

await runCommand(process.argv[2], {
  identify: async () =>
    JSON.stringify({ schemaVersion: 1, uid: await clusterUid(readConnection(file)) }),
  read: () => selfContained(file),
});
