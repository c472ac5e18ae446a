import type { Operation } from "../kit/provider.ts";
import type { Properties } from "../kit/values.ts";
import { awaitGone } from "./await/gone.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { ApiError, isNotFound } from "./client.ts";
import type { ReachableCluster } from "./cluster.ts";
import { fieldManagerOf } from "./naming.ts";
import { annotationOf, annotations, isPatch, parseId, withMetadata } from "./objects.ts";
import { relinquish } from "./writes.ts";

/**
 * Deletes an object and waits until it is gone. A Patch resource only releases its fields.
 *
 * @returns the remaining object when the wait ended early, otherwise undefined
 */
export async function deleteObject(
  { api, discovery }: ReachableCluster,
  operation: Operation,
  id: string,
  recorded: Checkpoint,
): Promise<{ live: Properties; reasons: readonly string[] } | undefined> {
  const { namespace, name } = parseId(id);
  const object = withMetadata(recorded.live, {
    name,
    ...(namespace === undefined ? {} : { namespace }),
  });
  const location = await discovery.locate(object);
  if (!location) {
    // The CRD was deleted, and all of its objects with it.
    return undefined;
  }
  try {
    if (isPatch(operation.type, object)) {
      await giveUp(() =>
        relinquish(api, location, object, fieldManagerOf(recorded.inputs, recorded.fieldManager)),
      );
      return undefined;
    }
    await api.request({
      method: "DELETE",
      path: location.path,
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: propagationOf(recorded.inputs),
      },
    });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  return awaitGone(api, location, operation, recorded.inputs, object);
}

function propagationOf(inputs: Properties): string {
  const wanted = annotationOf(inputs, annotations.deletionPropagationPolicy)?.toLowerCase();
  return wanted === "orphan" ? "Orphan" : wanted === "background" ? "Background" : "Foreground";
}

async function giveUp(relinquishing: () => Promise<void>): Promise<void> {
  try {
    await relinquishing();
  } catch (error) {
    if (error instanceof ApiError && error.message.includes("Required value")) {
      throw new Error(
        `this Patch owns a field that the object requires: ${error.message}\nFix: set the resource option retainOnDelete, or let another field manager own the field first`,
        { cause: error },
      );
    }
    throw error;
  }
}
