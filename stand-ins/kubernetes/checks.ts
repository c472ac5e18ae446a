import { isUnknown } from "../kit/properties.ts";
import type { Failure, Operation } from "../kit/provider.ts";
import { Unsupported, asText, at, messageOf, type Properties } from "../kit/values.ts";
import { waitForRule } from "./await/waitFor.ts";
import type { ReachableCluster } from "./cluster.ts";
import { nameObject } from "./naming.ts";
import { normalise } from "./normalise.ts";
import {
  annotationOf,
  annotations,
  identityOf,
  isPatch,
  toServer,
  typeOf,
  withMetadata,
} from "./objects.ts";

/** Types of the package that are not API objects. */
const refusedTypes = /^kubernetes:(helm\.sh|yaml|kustomize)\//;

/**
 * A program's inputs, completed with kind, name and namespace.
 *
 * @throws {Unsupported} for types that this stand-in does not implement.
 */
export async function checkedInputs(
  operation: Operation,
  olds: Properties,
  news: Properties,
  cluster: ReachableCluster | undefined,
): Promise<{ inputs: Properties; failures: Failure[] }> {
  if (refusedTypes.test(operation.type)) {
    throw new Unsupported(
      `${operation.type} is not supported by this stand-in`,
      "write the objects as typed resources",
    );
  }
  const object = normalise(toServer({ ...typeOf(operation.type), ...news }));
  if (isUnknown(object.metadata)) return { inputs: object, failures: [] };
  const failures = [...faultsIn(operation, object)];
  const complete = nameObject(operation, olds, withMetadata(object, {}));
  const { apiVersion, kind, namespace } = identityOf(complete);
  if (namespace !== undefined || at(complete, "metadata", "namespace") !== undefined || !cluster) {
    return { inputs: complete, failures };
  }
  const namespaced = await cluster.discovery.isNamespaced(apiVersion, kind);
  const inputs = namespaced
    ? withMetadata(complete, { namespace: cluster.defaultNamespace })
    : complete;
  return { inputs, failures };
}

function* faultsIn(operation: Operation, object: Properties): Iterable<Failure> {
  const { kind, name } = identityOf(object);
  if (kind.endsWith("List") && Array.isArray(object.items)) {
    yield { reason: "a list cannot be created. Fix: create its items as resources" };
  }
  if (isPatch(operation.type, object) && name === "") {
    yield {
      property: "metadata.name",
      reason: "is missing. Fix: set the name of the object that the Patch changes",
    };
  }
  if (at(object, "metadata", "generateName") !== undefined) {
    yield {
      property: "metadata.generateName",
      reason:
        "is not supported with server-side apply. Fix: remove it, and Pulumi generates a name",
    };
  }
  if (annotationOf(object, annotations.replaceUnready) === "true") {
    yield {
      property: "metadata.annotations",
      reason: `${annotations.replaceUnready} is not supported by this stand-in. Fix: remove it`,
    };
  }
  const waitFor = asText(annotationOf(object, annotations.waitFor));
  if (waitFor !== undefined && !isUnknown(waitFor)) {
    try {
      waitForRule(waitFor);
    } catch (error) {
      yield { property: "metadata.annotations", reason: messageOf(error) };
    }
  }
}
