/** Compares the cluster in a stack's state with the one on this machine. */
import { z } from "zod";

import { filesOf, readMarker } from "./files.ts";
import { identify, uidNow } from "./identity.ts";
import { minikubeRequestSchema, minikubeRequestVariable, type Finding } from "./request.ts";
import { stateOf } from "./stock.ts";
import { survey } from "./survey.ts";

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

const hasRole = (role: string) => (resource: z.output<typeof command>) =>
  resource.type === "command:local:Command" &&
  resource.urn.includes("provenet:cluster:MinikubeCluster$") &&
  resource.urn.endsWith(`-${role}`);

/**
 * Looks for the cluster of an exported stack. Only reads, and takes about a second.
 *
 * @param exported the value of `pulumi stack export`
 */
export async function findCluster(exported: unknown): Promise<Finding> {
  const resources = deployment.parse(exported).deployment.resources ?? [];
  const made = resources.find(hasRole("minikube"));
  const text = made?.inputs?.environment?.[minikubeRequestVariable];
  if (!made || typeof text !== "string") return { schemaVersion, state: "none" };
  const settings = minikubeRequestSchema.parse(JSON.parse(text));

  const { urn } = made;
  const lost = (why: string): Finding => ({ schemaVersion, state: "lost", urn, why });
  const found = await survey(settings);
  const state = stateOf(settings, found);
  if (state === "gone") {
    return lost(
      found.profile
        ? `the nodes of "${settings.profile}" do not exist`
        : `minikube has no cluster "${settings.profile}"`,
    );
  }
  const marker = readMarker(filesOf(settings));
  const now = marker ? await identify(settings, marker, found) : undefined;
  if (now?.is === "foreign") {
    return lost(`"${settings.profile}" was replaced by another cluster (${now.why})`);
  }
  if (state === "stopped") return { schemaVersion, state, urn, settings };

  const said = resources.find(hasRole("identity"))?.outputs?.stdout;
  if (typeof said === "string") {
    const { uid } = identity.parse(JSON.parse(said));
    const reached = await uidNow(settings);
    if (reached !== undefined && reached !== uid) {
      return lost(
        `"${settings.profile}" was replaced by another cluster (its UID is ${reached} instead of ${uid})`,
      );
    }
  }
  return { schemaVersion, state: "running", urn, settings };
}
