/**
 * Whether a cluster is the one that this project made. Every deletion and every start of an existing
 * cluster asks here first. The marker has a token that minikube keeps in the profile, the ids of the
 * containers, and the UID of a complete cluster.
 */
import { clusterUid, openApi } from "../../kube/api.ts";
import { UserError } from "../../messages/errors.ts";
import { filesOf, type Marker, readMarker, writeMarker } from "./files.ts";
import { readMachines } from "./machines.ts";
import type { ClusterName } from "./request.ts";
import type { Survey } from "./survey.ts";

/** UID of the cluster that answers, or undefined when none does, as before the program adds the routes. */
export async function uidNow({ profile }: Pick<ClusterName, "profile">) {
  try {
    const { kubeconfig } = filesOf({ profile });
    return await clusterUid(openApi(kubeconfig, { context: profile, timeoutSeconds: 3 }));
  } catch {
    return undefined;
  }
}

/** `ours`, `unknown` when the marker of an older version says too little, or what differs. */
type Identity =
  { readonly is: "ours" | "unknown" } | { readonly is: "foreign"; readonly why: string };

/** Compares what was found with the marker. */
export async function identify(
  cluster: ClusterName,
  marker: Marker,
  { profile, machines }: Survey,
): Promise<Identity> {
  const states = machines.known ? machines.states : new Map<string, string>();
  const foreign = (why: string): Identity => ({ is: "foreign", why });
  const isRecord = profile?.readable === true && marker.token !== undefined;
  if (isRecord && profile.token !== marker.token) {
    return foreign("minikube's profile was created by somebody else");
  }
  for (const name of states.keys()) {
    if (marker.token === undefined && marker.machines === undefined) break;
    const id = machines.known ? machines.ids.get(name) : undefined;
    const recorded = marker.machines?.[name];
    if (id !== undefined && recorded === id) continue;
    // An interrupted run has not recorded the machines of its profile, or replaced workers.
    if (isRecord && (recorded === undefined || name !== cluster.profile)) continue;
    return foreign(`${name} is not the machine that this project made`);
  }
  if (marker.uid !== undefined && states.get(cluster.profile) === "running") {
    const uid = await uidNow(cluster);
    if (uid !== undefined && uid !== marker.uid) {
      return foreign(`its UID is ${uid} instead of ${marker.uid}`);
    }
    if (uid !== undefined) return { is: "ours" };
  }
  const isOld = marker.token === undefined && marker.machines === undefined;
  return { is: isOld && states.size > 0 ? "unknown" : "ours" };
}

/**
 * Refuses to touch a cluster that this project did not make. Nothing is deleted that cannot be
 * identified, but a stopped cluster of an older version may be started, since its UID is compared then.
 */
export async function refuseForeign(
  cluster: ClusterName,
  found: Survey,
  purpose: "start" | "delete",
): Promise<void> {
  const { profile, machines } = found;
  const states = machines.known ? [...machines.states.keys()] : [];
  if (!profile && states.length === 0) return;
  const names = [...new Set([cluster.profile, ...states])];
  const deletions = names.map((name) => `\`minikube delete --profile ${name}\``).join(" and ");
  const fix = (end: string) => `run ${deletions} if nobody needs it, ${end}`;
  const marker = readMarker(filesOf(cluster));
  if (!marker) {
    throw new UserError(
      `minikube already has a cluster "${cluster.profile}", which this project did not make`,
      fix("or change provenet:cluster.profile"),
    );
  }
  const identity = await identify(cluster, marker, found);
  if (identity.is === "ours") return;
  if (identity.is === "foreign") {
    throw new UserError(
      `"${cluster.profile}" is another cluster than the one that this project made: ${identity.why}`,
      fix("then run this again, or change provenet:cluster.profile"),
    );
  }
  if (purpose === "start" && marker.state === "made") return;
  throw new UserError(
    `an older version made "${cluster.profile}" and recorded too little to identify it. Nothing was deleted`,
    fix("then run this again"),
  );
}

/** Records the ids of those machines as the project's own. */
export async function recordMachines(
  cluster: ClusterName,
  names: readonly string[],
): Promise<void> {
  const files = filesOf(cluster);
  const marker = readMarker(files);
  const machines = await readMachines(cluster, []);
  if (!marker || !machines.known) return;
  const ids = [...machines.ids].filter(([name]) => names.includes(name));
  writeMarker(files, { ...marker, machines: Object.fromEntries(ids) });
}
