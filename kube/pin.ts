/** Which context of a kubeconfig is read, and which cluster has to answer there. */
import { UserError } from "../messages/errors.ts";

/** One cluster, as it was recorded. Every reader of the cluster takes it. */
export interface Pin {
  /** Name of the context. @default the kubeconfig's current context */
  readonly context?: string | undefined;
  /** UID that the cluster must have. @default any */
  readonly uid?: string | undefined;
}

/** Environment variables that carry a pin to a program. */
export const pinVariables = { context: "PROVENET_CONTEXT", uid: "PROVENET_CLUSTER_UID" } as const;

/** The pin in an environment. An empty variable counts as unset. */
export function pinIn(environment: Readonly<Record<string, string | undefined>>): Pin {
  const read = (name: string) => environment[name] || undefined;
  return { context: read(pinVariables.context), uid: read(pinVariables.uid) };
}

/** Refuses a cluster that is not the recorded one. @throws {UserError} */
export function assertRecorded({ context, uid }: Pin, reached: string, from: string): void {
  if (uid === undefined || reached === uid) return;
  const through = context === undefined ? "" : ` through the context "${context}"`;
  throw new UserError(
    `${from} belongs to another cluster: its UID is ${reached}${through}, and the recorded cluster ` +
      `has the UID ${uid}`,
    "correct the kubeconfig so that it reaches the recorded cluster. To move to the other cluster, " +
      "set `context` or `kubeconfigFile` of provenet:cluster. If the recorded cluster was deleted, " +
      "run `npm run down -- --abandon` first",
  );
}
