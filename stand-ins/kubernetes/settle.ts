import { UserError } from "../../messages/errors.ts";
import { PartialFailure, type Operation, type State } from "../kit/provider.ts";
import type { Properties } from "../kit/values.ts";
import { awaitReady } from "./await/ready.ts";
import type { ReachableCluster } from "./cluster.ts";
import type { Location } from "./discovery.ts";
import { describe, groupKindOf, identityOf, idOf } from "./objects.ts";
import type { Settings } from "./settings.ts";

/** The context of a creation or an update. */
export interface ChangeContext {
  readonly cluster: ReachableCluster;
  readonly settings: Settings;
  readonly operation: Operation;
}

/** Waits until a written object is ready, and returns its newest version. */
export async function settle(
  { cluster, operation }: ChangeContext,
  location: Location,
  object: Properties,
  live: Properties,
  patch: boolean,
  stateOf: (live: Properties) => State,
): Promise<Properties> {
  if (groupKindOf(object) === "apiextensions.k8s.io/CustomResourceDefinition") {
    cluster.discovery.reset();
  }
  if (patch) return live;
  const outcome = await awaitReady(cluster.api, location, operation, object, live);
  if (outcome.reasons) {
    throw new PartialFailure(idOf(outcome.live), stateOf(outcome.live), undefined, outcome.reasons);
  }
  return outcome.live;
}

/** The error for a kind that the API server does not serve. */
export function notServed(object: Properties): UserError {
  const { apiVersion, kind } = identityOf(object);
  return new UserError(
    `${describe(object)}: the API server does not serve ${apiVersion}/${kind}.`,
    "create its CRD first, and add it to the resource's dependsOn",
  );
}
