import { parsePath } from "../kit/paths.ts";
import {
  asMap,
  asText,
  at,
  isMap,
  omit,
  type Path,
  type Properties,
  type Value,
} from "../kit/values.ts";
import { ApiError, type ApiClient } from "./client.ts";
import type { Location } from "./discovery.ts";
import {
  adoptedFields,
  creatingManager,
  hasPlainUpdates,
  managedFields,
  ownersOf,
} from "./fieldManagers.ts";
import { annotationOf, annotations, describe, groupKindOf, withMetadata } from "./objects.ts";

/** How an object is written. */
export interface Write {
  readonly location: Location;
  readonly object: Properties;
  readonly fieldManager: string;
  /** Only ask what would come of it. */
  readonly dryRun: boolean;
  /** The provider takes over fields that others own. */
  readonly force: boolean;
}

function query(write: Write, more: Record<string, string> = {}): string {
  // Strict: a field that the API server does not know is a mistake of the program, not something to drop.
  const all = { ...more, fieldValidation: "Strict", ...(write.dryRun ? { dryRun: "All" } : {}) };
  return `?${new URLSearchParams(all).toString()}`;
}

/** Creates an object that is not there yet. */
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

/** Writes the given fields of an object, which is made when it is not there, and owns them from then on. */
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

/** Changes an object that is there. */
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
    // The real update takes over our own plain updates first, which a preview must not.
    (dryRun && hasPlainUpdates(live));
  const object = keepIgnored(write.object, live, fieldManager, ignoreChanges);
  return apply(api, { ...write, object, force });
}

/** A definition is replaced as a whole, which neither deletes it nor what was made by it. */
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

/**
 * The resource option `ignoreChanges`: a field that somebody else owns is left out, so that it stays his; of
 * any other the live value is kept.
 */
function keepIgnored(
  object: Properties,
  live: Properties,
  fieldManager: string,
  ignoreChanges: readonly string[],
): Properties {
  return ignoreChanges.map(parsePath).reduce((kept, path) => {
    const { ours, theirs } = ownersOf(live, fieldManager, path);
    if (theirs && !ours) return replaced(kept, path, undefined);
    const value = at(live, ...path);
    return value === undefined ? kept : replaced(kept, path, value);
  }, object);
}

function replaced(object: Properties, path: Path, value: Value | undefined): Properties {
  const [step, ...rest] = path;
  if (typeof step !== "string") return object;
  if (rest.length > 0) {
    const inner = object[step];
    if (inner !== undefined && !isMap(inner)) return object;
    return value === undefined && inner === undefined
      ? object
      : { ...object, [step]: replaced(asMap(inner), rest, value) };
  }
  return value === undefined ? omit(object, step) : { ...object, [step]: value };
}

/** Gives up the fields that a manager owns; the object stays. */
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

/** Says what to do about the refusals that people meet most. */
function explained(error: unknown, { object, fieldManager }: Write): unknown {
  if (!(error instanceof ApiError)) return error;
  const advice =
    error.reason === "AlreadyExists"
      ? "It is in the cluster but not in this stack's state: take it in with `pulumi import`, let creation take over what exists with upsertExistingObjects on the provider, or choose another metadata.name."
      : error.reason === "Conflict"
        ? `Somebody else owns these fields (we are ${fieldManager}): set the annotation ${annotations.patchForce}: "true" to take them over.`
        : "";
  return advice === ""
    ? error
    : new ApiError(error.code, {
        message: `${describe(object)}: ${error.message}\n${advice}`,
        reason: error.reason,
        details: error.details,
      });
}
