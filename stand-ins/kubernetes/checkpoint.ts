import type { Bag } from "../kit/properties.ts";
import type { State } from "../kit/provider.ts";
import { asMap, asText, at, isMap, type Path, type Properties, type Value } from "../kit/values.ts";
import { toProgram, toServer } from "./objects.ts";

/** An object's state, in the API server's spelling. */
export interface Checkpoint {
  /** Inputs of the last creation or update. */
  readonly inputs: Properties;
  /** The API server's answer to it. */
  readonly live: Properties;
  readonly fieldManager: string | undefined;
  readonly initialApiVersion: string | undefined;
}

/** Keys that the official plugin adds to the live object in the state. */
const inputsKey = "__inputs";
const apiVersionKey = "__initialApiVersion";
const fieldManagerKey = "__fieldManager";

/** The state of an object. */
export function checkpointOf(
  inputs: Bag,
  live: Properties,
  fieldManager: string,
  initialApiVersion: string,
): State {
  const object = toProgram(live);
  const requested = toProgram(inputs.value);
  return {
    value: {
      ...object,
      [inputsKey]: requested,
      [apiVersionKey]: initialApiVersion,
      [fieldManagerKey]: fieldManager,
    },
    secrets: [
      ...secretPaths(object, inputs.secrets),
      ...secretPaths(requested, inputs.secrets).map((path) => [inputsKey, ...path]),
    ],
  };
}

/** Parses the state of an object. */
export function readCheckpoint(state: Properties): Checkpoint {
  const {
    [inputsKey]: inputs,
    [apiVersionKey]: apiVersion,
    [fieldManagerKey]: manager,
    ...live
  } = state;
  return {
    inputs: toServer(asMap(inputs)),
    live: toServer(live),
    fieldManager: asText(manager),
    initialApiVersion: asText(apiVersion),
  };
}

/**
 * Secret paths of an object.
 *
 * A list with a secret item is secret as a whole, because the API server may reorder it. All data of a Secret
 * is secret, even if the program does not mark it.
 */
export function secretPaths(object: Properties, ofInputs: readonly Path[]): Path[] {
  const paths = new Map<string, Path>();
  const add = (path: Path) => paths.set(JSON.stringify(path), path);
  for (const secret of ofInputs) {
    const path = fitting(object, secret);
    if (path) add(path);
  }
  if (object.kind === "Secret") {
    for (const key of ["data", "stringData"].filter((name) => name in object)) add([key]);
  }
  return [...paths.values()];
}

/** The longest prefix of a path that exists in the object and does not enter a list. */
function fitting(object: Properties, secret: Path): Path | undefined {
  let here: Value | undefined = object;
  for (const [depth, step] of secret.entries()) {
    if (!isMap(here)) return secret.slice(0, depth);
    here = at(here, step);
    if (here === undefined) return undefined;
  }
  return secret;
}
