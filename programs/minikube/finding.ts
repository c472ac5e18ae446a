/** Compares what a stack's state says of its cluster with what is really there. */
import { z } from "zod";

import { clusterUid } from "../../kube/api.ts";
import { readConnection } from "../../kube/kubeconfig.ts";
import { filesOf } from "./files.ts";
import { findProfile, hostState } from "./minikube.ts";
import { minikubeRequestSchema, minikubeRequestVariable, type Finding } from "./request.ts";

const schemaVersion = 1;

const command = z.looseObject({
  urn: z.string(),
  type: z.string(),
  inputs: z.looseObject({ environment: z.record(z.string(), z.unknown()).optional() }).optional(),
  outputs: z.looseObject({ stdout: z.unknown().optional() }).optional(),
});
const deployment = z.looseObject({
  deployment: z.looseObject({ resources: z.array(command).nullish() }),
});
const identity = z.looseObject({ uid: z.string() });

/** Names the role of a command in its URN. */
const hasRole = (role: string) => (resource: z.output<typeof command>) =>
  resource.type === "command:local:Command" &&
  resource.urn.includes("provenet:cluster:MinikubeCluster$") &&
  resource.urn.endsWith(`-${role}`);

/**
 * Looks for the cluster that an exported stack (the value of `pulumi stack export`) says it made.
 * Reads only; takes about a second.
 */
export async function findCluster(exported: unknown): Promise<Finding> {
  const resources = deployment.parse(exported).deployment.resources ?? [];
  const made = resources.find(hasRole("minikube"));
  const text = made?.inputs?.environment?.[minikubeRequestVariable];
  if (!made || typeof text !== "string") return { schemaVersion, state: "none" };
  const settings = minikubeRequestSchema.parse(JSON.parse(text));

  const { urn } = made;
  const lost = (why: string): Finding => ({ schemaVersion, state: "lost", urn, why });
  const profile = await findProfile(settings);
  if (!profile?.readable) return lost(`minikube knows no cluster "${settings.profile}"`);
  const state = await hostState(settings);
  if (state === "gone") return lost(`the nodes of "${settings.profile}" do not exist`);
  if (state === "stopped") return { schemaVersion, state, urn, settings };

  const said = resources.find(hasRole("identity"))?.outputs?.stdout;
  if (typeof said === "string") {
    const { uid } = identity.parse(JSON.parse(said));
    // Not reachable from here: a route may be missing, which the program is about to put back.
    const found = await uidNow(filesOf(settings).kubeconfig);
    if (found !== undefined && found !== uid) {
      return lost(`"${settings.profile}" is another cluster now (${found} instead of ${uid})`);
    }
  }
  return { schemaVersion, state: "running", urn, settings };
}

async function uidNow(kubeconfig: string): Promise<string | undefined> {
  try {
    return await clusterUid(readConnection(kubeconfig));
  } catch {
    return undefined;
  }
}
