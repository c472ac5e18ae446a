/**
 * Drives minikube for the cluster stage. The settings come as JSON in $PROVENET_CLUSTER, so that
 * nothing is spliced into a shell line; progress goes to stderr, the answer to stdout.
 *
 * `up` makes the cluster what the settings say and prints its nodes, `resume`
 * starts one that stands still, `down` deletes it, `identify`
 * prints its UID and its kubeconfig's path, `kubeconfig` the kubeconfig itself. `find` reads a
 * `pulumi stack export` from stdin and prints what became of the cluster in it.
 */
import { text } from "node:stream/consumers";

import { clusterUid } from "../../kube/api.ts";
import { readConnection, selfContained } from "../../kube/kubeconfig.ts";
import { runCommand } from "../runCommand.ts";
import { bringDown, bringUp, resume } from "./bringUp.ts";
import { filesOf } from "./files.ts";
import { findCluster } from "./finding.ts";
import { type MinikubeRequest, minikubeRequestSchema, minikubeRequestVariable } from "./request.ts";

const schemaVersion = 1;

function settings(): MinikubeRequest {
  return minikubeRequestSchema.parse(JSON.parse(process.env[minikubeRequestVariable] ?? "null"));
}

await runCommand(process.argv[2], {
  up: async () => {
    const nodes = await bringUp(settings(), (line) => {
      console.error(line);
    });
    const { profile } = settings();
    return JSON.stringify({
      schemaVersion,
      profile,
      nodes: nodes.map(({ name, address }) => ({ name, address })),
    });
  },
  resume: async () => {
    await resume(settings(), (line) => {
      console.error(line);
    });
    return JSON.stringify({ schemaVersion, profile: settings().profile });
  },
  down: async () => {
    await bringDown(settings());
    return JSON.stringify({ schemaVersion, profile: settings().profile, nodes: [] });
  },
  identify: async () => {
    const { kubeconfig } = filesOf(settings());
    return JSON.stringify({
      schemaVersion,
      uid: await clusterUid(readConnection(kubeconfig)),
      kubeconfig,
    });
  },
  kubeconfig: () => selfContained(filesOf(settings()).kubeconfig),
  find: async () => {
    const finding = await findCluster(JSON.parse(await text(process.stdin)));
    if (finding.state === "lost") {
      console.error(
        `${finding.why}. What was in it is gone too; take it out of the stack's state, then run up again:\n  pulumi state delete --target-dependents '${finding.urn}'`,
      );
    }
    return JSON.stringify(finding);
  },
});
