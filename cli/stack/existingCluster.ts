/** The existing cluster in a stack's state, which `down` deletes from and a refresh reads. */
import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";

import { clusterUid, openApi } from "../../kube/api.ts";
import { assertRecorded } from "../../kube/pin.ts";
import { CouldNotAsk, UserError } from "../../messages/errors.ts";
import { plainValue } from "./state.ts";

const resourcesSchema = z.object({
  deployment: z.object({
    resources: z
      .array(z.looseObject({ urn: z.string(), inputs: z.unknown().optional() }))
      .nullish(),
  }),
});
const providerSchema = z.object({ kubeconfig: z.string(), clusterIdentifier: z.string() });

/** The kubeconfig and the UID of each existing cluster in an exported state. */
function recordedClusters(exported: Deployment): z.output<typeof providerSchema>[] {
  return (resourcesSchema.parse(exported).deployment.resources ?? [])
    .filter(({ urn }) => urn.includes("ExistingCluster$pulumi:providers:kubernetes::"))
    .map(({ inputs }) => providerSchema.parse(plainValue(inputs)));
}

/**
 * Refuses to delete or refresh when the kubeconfig in the state reaches another cluster, or none. A
 * refresh would take objects for deleted that the other cluster does not have.
 *
 * @throws {UserError} before anything is deleted
 */
export async function assertStateReachesRecorded(
  exported: Deployment,
  stackName: string,
): Promise<void> {
  for (const { kubeconfig, clusterIdentifier: uid } of recordedClusters(exported)) {
    try {
      const reached = await clusterUid(openApi({ text: kubeconfig }));
      assertRecorded({ uid }, reached, "the API server in the state's kubeconfig");
    } catch (error) {
      if (!(error instanceof CouldNotAsk)) throw error;
      throw new UserError(
        `nothing is changed, because the cluster of ${stackName} cannot be asked: ${error.message}`,
        "start the cluster. If its kubeconfig has new credentials, run " +
          `\`npm run up ${stackName}\` first. If the cluster is gone, run ` +
          `\`npm run down ${stackName} -- --abandon\` to forget the state`,
      );
    }
  }
}
