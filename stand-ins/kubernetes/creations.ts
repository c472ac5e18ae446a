import { setTimeout as sleep } from "node:timers/promises";

import { hasUnknown, type Bag } from "../kit/properties.ts";
import type { State } from "../kit/provider.ts";
import { messageOf, omit, type Properties } from "../kit/values.ts";
import { checkpointOf } from "./checkpoint.ts";
import { ApiError, isNotFound } from "./client.ts";
import type { Location } from "./discovery.ts";
import { fieldManagerOf } from "./naming.ts";
import { identityOf, idOf, isPatch, toServer, withMetadata } from "./objects.ts";
import { notServed, settle, type ChangeContext } from "./settle.ts";
import * as writes from "./writes.ts";

/** How long a creation is retried while the namespace or the CRD does not exist. */
const missingMilliseconds = 30_000;
const missingDelayMilliseconds = 250;

/** Creates an object. A preview is a dry run on the API server. */
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
  const requested: Bag = { value: object, secrets: inputs.secrets };
  if (operation.preview) {
    const made = await unlessExpected(dryRun(context, object, make));
    if (!made) return { id: "", state: inputs };
    // The dry run has no status yet. An empty one would look like a known one.
    const live = omit(made, "status");
    return { id: "", state: checkpointOf(requested, live, fieldManager, apiVersion) };
  }
  const { location, live } = await createWithRetries(context, object, make);
  const recorded = (newest: Properties) =>
    checkpointOf(requested, newest, fieldManager, apiVersion);
  const ready = await settle(context, location, object, live, patch, recorded);
  return { id: idOf(ready), state: recorded(ready) };
}

/** Creates an object, and retries while its namespace or its CRD is being created. */
async function createWithRetries(
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

/** The result of a dry run. Undefined when the API server does not serve the kind yet. */
async function dryRun(
  { cluster }: ChangeContext,
  object: Properties,
  make: (location: Location, object: Properties) => Promise<Properties>,
): Promise<Properties | undefined> {
  const location = await cluster.discovery.locate(object);
  if (!location) return undefined;
  try {
    return await make(location, object);
  } catch (error) {
    // The predecessor still exists and is deleted first. Another name avoids the conflict.
    if (!(error instanceof ApiError && error.message.includes("field is immutable"))) throw error;
    const { name } = identityOf(object);
    const other = withMetadata(object, { name: `${name}-preview` });
    const there = await cluster.discovery.locate(other);
    return there && withMetadata(await make(there, other), { name });
  }
}

/** Undefined when a dry run fails because of something that this update will change. */
async function unlessExpected(
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
