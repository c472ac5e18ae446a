/**
 * Drives minikube. The request comes as JSON in $PROVENET_CLUSTER, so that no value gets into a
 * shell line. Progress goes to stderr, the answer to stdout.
 *
 * `up` creates the cluster with its first node, or starts it. `nodes` adds, removes and labels the
 * others, and prints all of them and what their kernels can do. `resume` starts a stopped cluster.
 * `down` deletes it. `sweep` deletes what an interrupted `up` left. `identify` prints its UID and the
 * path of its kubeconfig, `update-context` writes that file again. `find` reads a `pulumi stack export`
 * from stdin and prints a `Finding`.
 */
import { text } from "node:stream/consumers";

import { clusterUid, openApi } from "../../kube/api.ts";
import { runCommand } from "../runCommand.ts";
import { bringUp, resume } from "./bringUp.ts";
import { filesOf } from "./files.ts";
import { findCluster } from "./finding.ts";
import { recordMachines } from "./identity.ts";
import { joinNodes } from "./join.ts";
import { readKernelFacts } from "./kernel.ts";
import { updateContext } from "./minikube.ts";
import { bringDown, sweep } from "./removal.ts";
import {
  clusterNameSchema,
  type MinikubeRequest,
  type MinikubeNodes,
  minikubeRequestSchema,
  minikubeRequestVariable,
} from "./request.ts";

const schemaVersion = 1;

function readVariable(): unknown {
  return JSON.parse(process.env[minikubeRequestVariable] ?? "null");
}

function readRequest(): MinikubeRequest {
  return minikubeRequestSchema.parse(readVariable());
}

function report(line: string): void {
  console.error(line);
}

await runCommand(process.argv[2], {
  up: async () => {
    const request = readRequest();
    const nodes = await bringUp(request, report);
    const { profile, driver, nodeNetwork, podNetwork, serviceNetwork } = request;
    const networks = { nodeNetwork, podNetwork, serviceNetwork };
    return JSON.stringify({ schemaVersion, profile, driver, ...networks, nodes });
  },
  nodes: async () => {
    const request = readRequest();
    const nodes = await joinNodes(request, report);
    await recordMachines(
      request,
      nodes.map(({ name }) => name),
    );
    return JSON.stringify({
      schemaVersion,
      profile: request.profile,
      nodes,
      kernel: await readKernelFacts(request, nodes),
    } satisfies MinikubeNodes);
  },
  resume: async () => {
    const request = readRequest();
    await resume(request, report);
    return JSON.stringify({ schemaVersion, profile: request.profile });
  },
  down: async () => {
    const request = readRequest();
    await bringDown(request);
    return JSON.stringify({ schemaVersion, profile: request.profile });
  },
  sweep: async () => {
    const cluster = clusterNameSchema.parse(readVariable());
    const deleted = await sweep(cluster);
    return JSON.stringify({ schemaVersion, profile: cluster.profile, deleted });
  },
  identify: async () => {
    const { profile } = readRequest();
    const { kubeconfig } = filesOf({ profile });
    return JSON.stringify({
      schemaVersion,
      uid: await clusterUid(openApi(kubeconfig, { context: profile })),
      kubeconfig,
    });
  },
  "update-context": async () => {
    const request = readRequest();
    await updateContext(request);
    return JSON.stringify({ schemaVersion, profile: request.profile });
  },
  find: async () => {
    const finding = await findCluster(JSON.parse(await text(process.stdin)));
    if (finding.state === "lost") {
      report(
        `warning: ${finding.why}\n` +
          `Fix: remove it and its contents from the state, then run up again:\n` +
          `  pulumi state delete --target-dependents '${finding.urn}'`,
      );
    }
    return JSON.stringify(finding);
  },
});
