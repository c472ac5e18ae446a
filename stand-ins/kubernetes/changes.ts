import { setTimeout as sleep } from "node:timers/promises";

import { hasUnknown, type Bag } from "../kit/properties.ts";
import { PartialFailure, type Operation, type State } from "../kit/provider.ts";
import { messageOf, omit, type Properties } from "../kit/values.ts";
import { awaitReady } from "./await/ready.ts";
import { checkpointOf, type Checkpoint } from "./checkpoint.ts";
import { ApiError, isNotFound } from "./client.ts";
import type { ReachableCluster } from "./cluster.ts";
import type { Location } from "./discovery.ts";
import { fieldManagerOf } from "./naming.ts";
import { normalise } from "./normalise.ts";
import {
  describe,
  groupKindOf,
  identityOf,
  idOf,
  isPatch,
  toServer,
  withMetadata,
} from "./objects.ts";
import type { Settings } from "./settings.ts";
import * as writes from "./writes.ts";

/** How long to wait for a namespace or a definition that something else is just making. */
const missingMilliseconds = 30_000;
const missingDelayMilliseconds = 250;

/** What a change needs to know. */
export interface ChangeContext {
  readonly cluster: ReachableCluster;
  readonly settings: Settings;
  readonly operation: Operation;
}

/** Makes an object; in a preview, asks the API server what would be made. */
export async function createObject(
  context: ChangeContext,
  inputs: Bag,
): Promise<{ id: string; state: State }> {
  const { cluster, settings, operation } = context;
  const object = toServer(inputs.value);
  const patch = isPatch(operation.type, object);
  const fieldManager = fieldManagerOf(object, undefined);
  const upsert = patch || settings.upsertExistingObjects;
  if (operation.preview && (patch || hasUnknown(object))) return { id: "", state: inputs };
  const make = async (location: Location, body: Properties) => {
    const force = settings.enablePatchForce || operation.preview;
    const write = { location, object: body, fieldManager, dryRun: operation.preview, force };
    return upsert ? writes.apply(cluster.api, write) : writes.create(cluster.api, write);
  };
  const { apiVersion } = identityOf(object);
  const asked: Bag = { value: object, secrets: inputs.secrets };
  if (operation.preview) {
    const made = await unlessPremature(tryOut(context, object, make));
    if (!made) return { id: "", state: inputs };
    // Without a status yet, as an empty one would look like one that is known.
    const live = omit(made, "status");
    return { id: "", state: checkpointOf(asked, live, fieldManager, apiVersion) };
  }
  const { location, live } = await onceThere(context, object, make);
  const recorded = (newest: Properties) => checkpointOf(asked, newest, fieldManager, apiVersion);
  const ready = await settle(context, location, object, live, patch, recorded);
  return { id: idOf(ready), state: recorded(ready) };
}

/** Changes an object; in a preview, asks the API server what would come of it. */
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
  const asked: Bag = { value: object, secrets: news.secrets };
  const stateOf = (live: Properties) => checkpointOf(asked, live, fieldManager, apiVersion);
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

/** A refused change is recorded with what is there now, so that the next update tries it again. */
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

/** Waits until an object that has been written can be used. */
async function settle(
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

/** Makes an object as soon as its namespace and its definition are there, which something else may be making. */
async function onceThere(
  { cluster, operation }: ChangeContext,
  object: Properties,
  make: (location: Location, object: Properties) => Promise<Properties>,
): Promise<{ location: Location; live: Properties }> {
  const end = Date.now() + missingMilliseconds;
  for (;;) {
    const location = await cluster.discovery.locate(object);
    try {
      if (!location) throw notServed(object);
      return { location, live: await make(location, object) };
    } catch (error) {
      const premature = !location || isNotFound(error);
      if (!premature || Date.now() > end || operation.cancelled.aborted) throw error;
      operation.status(`waiting: ${messageOf(error)}`);
      await sleep(missingDelayMilliseconds);
    }
  }
}

function notServed(object: Properties): Error {
  const { apiVersion, kind } = identityOf(object);
  return new Error(
    `${describe(object)}: the API server does not serve ${apiVersion}/${kind}: is its definition missing, or made by something that this does not depend on?`,
  );
}

/** Asks what would be made; undefined when the API server does not serve the kind, or not yet. */
async function tryOut(
  { cluster }: ChangeContext,
  object: Properties,
  make: (location: Location, object: Properties) => Promise<Properties>,
): Promise<Properties | undefined> {
  const location = await cluster.discovery.locate(object);
  if (!location) return undefined;
  try {
    return await make(location, object);
  } catch (error) {
    // Its predecessor is still there, and will not be when this is made: try it under another name.
    if (!(error instanceof ApiError && error.message.includes("field is immutable"))) throw error;
    const { name } = identityOf(object);
    const other = withMetadata(object, { name: `${name}-preview` });
    const there = await cluster.discovery.locate(other);
    return there && withMetadata(await make(there, other), { name });
  }
}

/** What a preview of a creation may run into because this very update is to change it. */
async function unlessPremature(
  making: Promise<Properties | undefined>,
): Promise<Properties | undefined> {
  try {
    return await making;
  } catch (error) {
    const expected =
      error instanceof ApiError &&
      (error.code === 404 || error.code === 403 || error.reason === "AlreadyExists");
    if (expected) return undefined;
    throw error;
  }
}
