import { hasUnknown, type Bag } from "../kit/properties.ts";
import { PartialFailure, type State } from "../kit/provider.ts";
import { messageOf, type Properties } from "../kit/values.ts";
import { checkpointOf, type Checkpoint } from "./checkpoint.ts";
import { ApiError } from "./client.ts";
import type { ReachableCluster } from "./cluster.ts";
import type { Location } from "./discovery.ts";
import { fieldManagerOf } from "./naming.ts";
import { normalise } from "./normalise.ts";
import { identityOf, idOf, isPatch, toServer } from "./objects.ts";
import { notServed, settle, type ChangeContext } from "./settle.ts";
import * as writes from "./writes.ts";

/** Updates an object. A preview is a dry run on the API server. */
export async function updateObject(
  context: ChangeContext,
  recorded: Checkpoint,
  news: Bag,
): Promise<State> {
  const { cluster, settings, operation } = context;
  const object = normalise(toServer(news.value));
  const patch = isPatch(operation.type, object);
  const location = await cluster.discovery.locate(object);
  if (operation.preview && (!location || hasUnknown(object))) return news;
  if (!location) throw notServed(object);
  const fieldManager = fieldManagerOf(object, recorded.fieldManager);
  const apiVersion = recorded.initialApiVersion ?? identityOf(object).apiVersion;
  const requested: Bag = { value: object, secrets: news.secrets };
  const stateOf = (live: Properties) => checkpointOf(requested, live, fieldManager, apiVersion);
  const write = {
    location,
    object,
    fieldManager,
    dryRun: operation.preview,
    force: settings.enablePatchForce,
  };
  let live: Properties;
  try {
    live = await writes.update(cluster.api, write, operation.ignoreChanges, patch);
  } catch (error) {
    if (operation.preview) {
      if (error instanceof ApiError && error.code === 403) return news;
      throw error;
    }
    throw await refused(cluster, location, error, stateOf);
  }
  if (operation.preview) return stateOf(live);
  const ready = await settle(context, location, object, live, patch, stateOf);
  if (recorded.fieldManager !== undefined && recorded.fieldManager !== fieldManager) {
    await writes.relinquish(cluster.api, location, object, recorded.fieldManager);
  }
  return stateOf(ready);
}

/** The error of a refused update. It records the live object, so that the next update tries again. */
async function refused(
  { api }: ReachableCluster,
  { path }: Location,
  error: unknown,
  stateOf: (live: Properties) => State,
): Promise<unknown> {
  try {
    const live = await api.request({ method: "GET", path });
    return new PartialFailure(idOf(live), stateOf(live), undefined, [messageOf(error)]);
  } catch {
    return error;
  }
}
