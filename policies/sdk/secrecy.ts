/**
 * Which values are secret. The engine sends this to the pack, but the SDK removes it before a rule
 * reads the value. {@link watchSecrets} wraps the SDK's decoder and keeps the encoded properties.
 * docs/adr/0008-secrets-in-the-policy-pack.md says why, and how to see whether the SDK still needs
 * it.
 */
import { createRequire } from "node:module";

import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc.js";

import { layersOf } from "./inputs.ts";
import { Property } from "./property.ts";

/** Encoded properties of a message: a google.protobuf.Struct. */
interface WireProperties {
  toJavaScript(): Readonly<Record<string, unknown>>;
}

/** The SDK's module that decodes properties. */
export interface Decoder {
  deserializeProperties: (wire: WireProperties, proxySecrets: boolean) => object;
}

const wires = new WeakMap<object, WireProperties>();

/** The decoder of the SDK's server. */
export function sdkDecoder(): Decoder {
  return createRequire(import.meta.url)("@pulumi/policy/deserialize.js") as Decoder;
}

/**
 * Makes the decoder keep the encoded properties. Call it before the pack is created.
 *
 * The SDK decodes the same properties again for every rule. They are decoded once here, because a
 * rule only reads them.
 */
export function watchSecrets(decoder: Decoder = sdkDecoder()): void {
  const decode = decoder.deserializeProperties;
  const decoded = new WeakMap<WireProperties, object>();
  decoder.deserializeProperties = (wire, proxySecrets) => {
    // A proxy for secrets is for a remediation, which may change what it gets.
    const known = proxySecrets ? undefined : decoded.get(wire);
    if (known !== undefined) return known;
    const props = decode(wire, proxySecrets);
    wires.set(props, wire);
    if (!proxySecrets) decoded.set(wire, props);
    return props;
  };
}

/** A property without children, and whether its value is secret. */
export interface Value {
  readonly property: Property;
  readonly isSecret: boolean;
}

/**
 * Every text and every unknown value among a resource's properties.
 *
 * @throws if the decoder was not wrapped, so that a rule fails instead of passing.
 */
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
  if (wire === undefined) {
    throw new Error("watchSecrets was not called before these properties were decoded");
  }
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
      // Assets, archives and references hold no values of the stack.
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
