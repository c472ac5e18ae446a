import type { Bag } from "../kit/properties.ts";
import type { State } from "../kit/provider.ts";
import { asMap, asText, at, isMap, type Path, type Properties, type Value } from "../kit/values.ts";
import { toProgram, toServer } from "./objects.ts";

/** What the state of an object says, as the API server would write it. */
export interface Checkpoint {
  /** What the program asked for when the object was last made or changed. */
  readonly inputs: Properties;
  /** What the API server answered. */
  readonly live: Properties;
  readonly fieldManager: string | undefined;
  readonly initialApiVersion: string | undefined;
}

/** What is written into the state beside the live object, under the official plugin's names. */
const inputsKey = "__inputs";
const apiVersionKey = "__initialApiVersion";
const fieldManagerKey = "__fieldManager";

/** Makes the state of an object. */
export function checkpointOf(
  inputs: Bag,
  live: Properties,
  fieldManager: string,
  initialApiVersion: string,
): State {
  const object = toProgram(live);
  const asked = toProgram(inputs.value);
  return {
    value: {
      ...object,
      [inputsKey]: asked,
      [apiVersionKey]: initialApiVersion,
      [fieldManagerKey]: fieldManager,
    },
    secrets: [
      ...secretPaths(object, inputs.secrets),
      ...secretPaths(asked, inputs.secrets).map((path) => [inputsKey, ...path]),
    ],
  };
}

/** Reads the state of an object. */
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
 * Where an object is secret because the program's inputs are.
 *
 * A list with a secret in it is secret as a whole, since its order may change on the way. All data of a Secret
 * is secret, whether or not the program said so.
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

/** The longest beginning of a path that exists in the object and stays outside lists. */
function fitting(object: Properties, secret: Path): Path | undefined {
  let here: Value | undefined = object;
  for (const [depth, step] of secret.entries()) {
    if (!isMap(here)) return secret.slice(0, depth);
    here = at(here, step);
    if (here === undefined) return undefined;
  }
  return secret;
}
