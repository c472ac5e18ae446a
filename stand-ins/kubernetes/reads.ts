import type { Bag } from "../kit/properties.ts";
import { PartialFailure, type Operation, type State } from "../kit/provider.ts";
import { asMap, omit, type Properties } from "../kit/values.ts";
import { readinessNow } from "./await/ready.ts";
import { checkpointOf, readCheckpoint, secretPaths } from "./checkpoint.ts";
import { isNotFound } from "./client.ts";
import type { ReachableCluster } from "./cluster.ts";
import { fieldManagerOf } from "./naming.ts";
import { normalise, prune, withEmptyInputs } from "./normalise.ts";
import {
  describe,
  groupOf,
  identityOf,
  isBuiltIn,
  parseId,
  toProgram,
  toServer,
  typeOf,
} from "./objects.ts";

/** Annotations that only the cluster writes. */
const clusterAnnotations = new Set([
  "deployment.kubernetes.io/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
]);

/** The live object. Undefined when it was deleted. */
export async function readObject(
  { api, discovery }: ReachableCluster,
  operation: Operation,
  id: string,
  inputs: Bag,
  state: Bag,
): Promise<{ id: string; state: State; inputs: State } | undefined> {
  const recorded = readCheckpoint(state.value);
  const requested = normalise(toServer(inputs.value));
  // `.get` and import read an object without inputs.
  const firstTime = requested.kind === undefined && recorded.live.kind === undefined;
  const { apiVersion, kind } = identityOf({
    ...typeOf(operation.type),
    ...recorded.live,
    ...requested,
  });
  const location = await discovery.locate({ apiVersion, kind, metadata: identityIn(id) });
  if (!location) return undefined;
  let live: Properties;
  try {
    live = await api.request({ method: "GET", path: location.path });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  const shape = firstTime ? importable(live) : requested;
  const pruned = prune({ apiVersion, kind, ...live }, shape);
  const now = isBuiltIn(groupOf(apiVersion)) ? withEmptyInputs(pruned, shape) : pruned;
  const fieldManager = fieldManagerOf(requested, recorded.fieldManager);
  const initialApiVersion = recorded.initialApiVersion ?? apiVersion;
  const found = {
    id,
    state: checkpointOf(
      { value: now, secrets: inputs.secrets },
      live,
      fieldManager,
      initialApiVersion,
    ),
    inputs: { value: toProgram(now), secrets: secretPaths(toProgram(now), inputs.secrets) },
  };
  if (!firstTime) {
    const readiness = await readinessNow(api, requested, live);
    if (readiness.state !== "ready") {
      const why = readiness.state === "waiting" ? [readiness.why] : readiness.reasons;
      throw new PartialFailure(id, found.state, found.inputs, [
        `${describe(live)} is not ready`,
        ...why,
      ]);
    }
  }
  return found;
}

function identityIn(id: string): Properties {
  const { namespace, name } = parseId(id);
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}

/** The fields of an object that a program can write. */
function importable(live: Properties): Properties {
  const object = normalise(live);
  const metadata = asMap(object.metadata);
  const annotations = Object.entries(asMap(metadata.annotations)).filter(
    ([name]) => !clusterAnnotations.has(name),
  );
  return {
    ...omit(object, "status"),
    metadata: {
      ...metadata,
      ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
    },
  };
}
