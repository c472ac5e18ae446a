/** Compares the cluster in a stack's state with the one on this machine. */
import { z } from "zod";

import { filesOf, readMarker } from "./files.ts";
import { identify, uidNow } from "./identity.ts";
import { minikubeRequestSchema, minikubeRequestVariable, type Finding } from "./request.ts";
import { stateOf } from "./stock.ts";
import { survey } from "./survey.ts";

const schemaVersion = 1;

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  inputs: z
    .looseObject({
      environment: z.record(z.string(), z.unknown()).optional(),
      clusterIdentifier: z.unknown().optional(),
    })
    .optional(),
});
const deployment = z.looseObject({
  deployment: z.looseObject({ resources: z.array(resource).nullish() }),
});

const isPart =
  (wanted: string, role: string) =>
  ({ type, urn }: z.output<typeof resource>) =>
    type === wanted &&
    urn.includes("provenet:cluster:MinikubeCluster$") &&
    urn.endsWith(`-${role}`);

/**
 * Looks for the cluster of an exported stack. Only reads, and takes about a second.
 *
 * @param exported the value of `pulumi stack export`
 */
export async function findCluster(exported: unknown): Promise<Finding> {
  const resources = deployment.parse(exported).deployment.resources ?? [];
  const made = resources.find(isPart("command:local:Command", "minikube"));
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

  const uid = resources.find(isPart("pulumi:providers:kubernetes", "provider"))?.inputs
    ?.clusterIdentifier;
  const reached = await uidNow(settings);
  if (typeof uid === "string" && reached !== undefined && reached !== uid) {
    return lost(
      `"${settings.profile}" was replaced by another cluster (its UID is ${reached} instead of ${uid})`,
    );
  }
  return { schemaVersion, state: reached === undefined ? "unreachable" : "running", urn, settings };
}
