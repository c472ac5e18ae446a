import { asText, at, type Properties } from "../kit/values.ts";
import { ApiError, type ApiClient } from "./client.ts";
import type { Location } from "./discovery.ts";
import { adoptedFields, creatingManager, hasPlainUpdates, managedFields } from "./fieldManagers.ts";
import { keepIgnored } from "./ignoredChanges.ts";
import { annotationOf, annotations, describe, groupKindOf, withMetadata } from "./objects.ts";

/** How an object is written. */
export interface Write {
  readonly location: Location;
  readonly object: Properties;
  readonly fieldManager: string;
  /** Validate only. */
  readonly dryRun: boolean;
  /** Take over fields that other managers own. */
  readonly force: boolean;
}

function query(write: Write, more: Record<string, string> = {}): string {
  // The API server refuses unknown fields instead of dropping them.
  const all = { ...more, fieldValidation: "Strict", ...(write.dryRun ? { dryRun: "All" } : {}) };
  return `?${new URLSearchParams(all).toString()}`;
}

/** Creates an object that does not exist yet. */
export async function create(api: ApiClient, write: Write): Promise<Properties> {
  try {
    return await api.request({
      method: "POST",
      path: write.location.collection + query(write, { fieldManager: creatingManager }),
      body: write.object,
    });
  } catch (error) {
    throw explained(error, write);
  }
}

/** Applies the given fields and owns them from then on. Creates the object if it does not exist. */
export async function apply(api: ApiClient, write: Write): Promise<Properties> {
  const force = write.force || annotationOf(write.object, annotations.patchForce) === "true";
  try {
    return await api.request({
      method: "PATCH",
      path:
        write.location.path +
        query(write, { fieldManager: write.fieldManager, force: String(force) }),
      body: write.object,
      contentType: "application/apply-patch+yaml",
    });
  } catch (error) {
    throw explained(error, write);
  }
}

/** Updates an existing object. */
export async function update(
  api: ApiClient,
  write: Write,
  ignoreChanges: readonly string[],
  patch: boolean,
): Promise<Properties> {
  const { location, fieldManager, dryRun } = write;
  let live = await api.request({ method: "GET", path: location.path });
  if (groupKindOf(write.object) === "apiextensions.k8s.io/CustomResourceDefinition") {
    return replace(api, write, asText(at(live, "metadata", "resourceVersion")) ?? "");
  }
  if (!patch && !dryRun) live = await adopt(api, location, live, fieldManager);
  const force =
    write.force ||
    managedFields(live).length === 0 ||
    // An update first adopts fields from our own plain updates. A preview must not write that.
    (dryRun && hasPlainUpdates(live));
  const object = keepIgnored(write.object, live, fieldManager, ignoreChanges);
  return apply(api, { ...write, object, force });
}

/** Replaces a CRD as a whole. The CRD and its objects are kept. */
async function replace(api: ApiClient, write: Write, resourceVersion: string): Promise<Properties> {
  return api.request({
    method: "PUT",
    path: write.location.path + query(write, { fieldManager: write.fieldManager }),
    body: withMetadata(write.object, { resourceVersion }),
  });
}

async function adopt(
  api: ApiClient,
  location: Location,
  live: Properties,
  fieldManager: string,
): Promise<Properties> {
  const fields = adoptedFields(live, fieldManager);
  if (!fields) return live;
  const version = at(live, "metadata", "resourceVersion") ?? "";
  return api.request({
    method: "PATCH",
    path: location.path,
    contentType: "application/json-patch+json",
    body: [
      { op: "replace", path: "/metadata/managedFields", value: fields },
      { op: "replace", path: "/metadata/resourceVersion", value: version },
    ],
  });
}

/** Releases the fields that a manager owns. The object stays. */
export async function relinquish(
  api: ApiClient,
  location: Location,
  object: Properties,
  fieldManager: string,
): Promise<void> {
  const { apiVersion = "", kind = "" } = object;
  const name = at(object, "metadata", "name") ?? "";
  const namespace = at(object, "metadata", "namespace");
  await api.request({
    method: "PATCH",
    path: `${location.path}?${new URLSearchParams({ fieldManager }).toString()}`,
    contentType: "application/apply-patch+yaml",
    body: {
      apiVersion,
      kind,
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    },
  });
}

/** The error with a remedy, for the most frequent refusals. */
function explained(error: unknown, { object, fieldManager }: Write): unknown {
  if (!(error instanceof ApiError)) return error;
  const advice =
    error.reason === "AlreadyExists"
      ? "Fix: import it with `pulumi import`, set upsertExistingObjects on the provider, or choose another metadata.name."
      : error.reason === "Conflict"
        ? `Another field manager owns these fields (ours is ${fieldManager}).\nFix: set the annotation ${annotations.patchForce}: "true" to take them over.`
        : "";
  return advice === ""
    ? error
    : new ApiError(error.code, {
        message: `${describe(object)}: ${error.message}\n${advice}`,
        reason: error.reason,
        details: error.details,
      });
}
