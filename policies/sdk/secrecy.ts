/**
 * Which values are secret. The engine tells a policy pack, but the SDK unwraps every value before a
 * rule sees it, so that a rule cannot tell. {@link watchSecrets} therefore stands in the SDK's
 * decoding of properties and keeps what came over the wire. It replaces one function of a module
 * that is not part of the SDK's public interface: the SDK's version is pinned, a test starts the
 * pack as the engine does and shows that this works, and where it does not {@link valuesIn} throws,
 * so that a rule fails instead of passing.
 */
import { createRequire } from "node:module";

import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";

import { layersOf } from "./inputs.ts";
import { Property } from "./property.ts";

/** A message's properties as they came over the wire: a google.protobuf.Struct. */
interface WireProperties {
  toJavaScript(): Readonly<Record<string, unknown>>;
}

/** The SDK's decoding of properties, in a module of its own. */
export interface Decoder {
  deserializeProperties: (wire: WireProperties, proxySecrets: boolean) => object;
}

const wires = new WeakMap<object, WireProperties>();

/** The decoder that the SDK's server uses. */
export function sdkDecoder(): Decoder {
  return createRequire(import.meta.url)("@pulumi/policy/deserialize.js") as Decoder;
}

/** Makes the decoder remember what it decodes; to be called before the pack is made. */
export function watchSecrets(decoder: Decoder = sdkDecoder()): void {
  const decode = decoder.deserializeProperties;
  decoder.deserializeProperties = (wire, proxySecrets) => {
    const props = decode(wire, proxySecrets);
    wires.set(props, wire);
    return props;
  };
}

/** A property that holds no further ones, and whether the engine keeps its value secret. */
export interface Value {
  readonly property: Property;
  readonly isSecret: boolean;
}

/** Every text and every unknown among a resource's properties. */
export function valuesIn(props: object): Value[] {
  const shown = new Set<string>();
  return layersOf(props).flatMap((layer) => {
    const values = valuesInLayer(layer).filter(({ key }) => !shown.has(key));
    for (const key of Object.keys(layer)) shown.add(key);
    return values.map(({ value }) => value);
  });
}

function valuesInLayer(props: object): { key: string; value: Value }[] {
  const raw = (props as { readonly __getSpecialProxyTarget?: object }).__getSpecialProxyTarget;
  const wire = wires.get(raw ?? props)?.toJavaScript();
  if (wire === undefined) throw new Error("watchSecrets was not called before these were decoded");
  const root = Property.of(props);
  return Object.entries(wire).flatMap(([key, element]) =>
    valuesAt(root.at(key), element, false).map((value) => ({ key, value })),
  );
}

function valuesAt(property: Property, wire: unknown, isSecret: boolean): Value[] {
  if (property.isUnknown) return [{ property, isSecret: isSecret || signature(wire) === "secret" }];
  if (typeof wire === "string") return [{ property, isSecret }];
  if (Array.isArray(wire)) {
    const items = property.items();
    return wire.flatMap((element: unknown, index) => {
      const item = items[index];
      return item === undefined ? [] : valuesAt(item, element, isSecret);
    });
  }
  if (typeof wire !== "object" || wire === null) return [];
  switch (signature(wire)) {
    case "secret":
      return valuesAt(property, (wire as { value?: unknown }).value, true);
    case "other":
      // An asset, an archive or a reference: nothing in it is a value of the stack's.
      return [];
    case "none":
      return Object.entries(wire).flatMap(([key, value]) =>
        valuesAt(property.at(key), value, isSecret),
      );
  }
}

function signature(wire: unknown): "secret" | "other" | "none" {
  if (typeof wire !== "object" || wire === null || !(specialSigKey in wire)) return "none";
  return wire[specialSigKey] === specialSecretSig ? "secret" : "other";
}
