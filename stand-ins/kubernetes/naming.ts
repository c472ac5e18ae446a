import { UserError } from "../../messages/errors.ts";
import { randomBytes } from "node:crypto";

import { randomSuffix } from "../kit/autonaming.ts";
import { hasUnknown, isUnknown } from "../kit/properties.ts";
import type { Operation } from "../kit/provider.ts";
import { asMap, asText, at, isMap, type Properties } from "../kit/values.ts";
import { annotationOf, annotations, identityOf, withMetadata } from "./objects.ts";

/** Number of random characters after the resource's name. */
const suffixLength = 8;

/** Whether the provider generated the object's name. */
export function isAutonamed(object: Properties): boolean {
  return annotationOf(object, annotations.autonamed) === "true";
}

/** Whether the program names the object. The name may be unknown. */
export function isNamed(object: Properties): boolean {
  const metadata = object.metadata;
  return isUnknown(metadata) || isUnknown(at(metadata, "name")) || identityOf(object).name !== "";
}

/**
 * The object with a generated name, if the program gives none. An existing object keeps its name.
 *
 * @param olds inputs of the last update, empty for a new object
 * @throws {UserError} when the project disables autonaming
 */
export function nameObject(operation: Operation, olds: Properties, object: Properties): Properties {
  if (isNamed(object)) return object;
  if (Object.keys(olds).length > 0) {
    return isAutonamed(olds) ? named(object, identityOf(olds).name) : object;
  }
  if (operation.proposedName === null) {
    throw new UserError("autonaming is disabled in this project", "set metadata.name");
  }
  return named(
    object,
    operation.proposedName || `${operation.name}-${randomSuffix(operation, suffixLength)}`,
  );
}

function named(object: Properties, name: string): Properties {
  const given = at(object, "metadata", "annotations");
  if (given !== undefined && hasUnknown(given) && !isMap(given)) {
    return withMetadata(object, { name });
  }
  return withMetadata(object, {
    name,
    annotations: { ...asMap(given), [annotations.autonamed]: "true" },
  });
}

/** The field manager of an object. It is unique to the object unless the program names one. */
export function fieldManagerOf(object: Properties, recorded: string | undefined): string {
  return (
    asText(annotationOf(object, annotations.patchFieldManager)) ||
    recorded ||
    `pulumi-kubernetes-${randomBytes(suffixLength / 2).toString("hex")}`
  );
}
