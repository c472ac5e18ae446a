import type {
  JavaScriptValue,
  Struct,
  Value as WireValue,
} from "google-protobuf/google/protobuf/struct_pb.js";

import { struct } from "./providerProtocol.ts";
import { isMap, type Path, type Properties, type Value } from "./values.ts";

/** The key that marks an object on the wire as special, and the marks that it can have. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const outputMark = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Marks of a value that is known only after the update. Each kind of value has one. */
export const unknownMark = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknownMarks: ReadonlySet<Value | undefined> = new Set([
  unknownMark,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether the value is known only after the update. */
export function isUnknown(value: Value | undefined): boolean {
  return unknownMarks.has(value);
}

/** Whether the value, or anything in it, is known only after the update. */
export function hasUnknown(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isMap(value) ? Object.values(value).some(hasUnknown) : isUnknown(value);
}

/** Decoded properties, with {@link unknownMark} for unknown values, and the paths of secret values. */
export interface Bag {
  readonly value: Properties;
  readonly secrets: readonly Path[];
}

/** Properties from the wire. They are decoded on first use, because much of a request is never used. */
export function decode(wire: Struct | undefined): Bag {
  let read: Bag | undefined;
  const once = (): Bag => (read ??= wire ? readBag(wire) : { value: {}, secrets: [] });
  return {
    get value() {
      return once().value;
    },
    get secrets() {
      return once().secrets;
    },
  };
}

function readBag(wire: Struct): Bag {
  const secrets: Path[] = [];
  const readMembers = (members: Struct, path: Path): Properties => {
    const object: Properties = {};
    members.getFieldsMap().forEach((member, name) => {
      object[name] = readValue(member, [...path, name]);
    });
    return object;
  };
  const readValue = (value: WireValue, path: Path): Value => {
    const { KindCase } = struct.Value;
    switch (value.getKindCase()) {
      case KindCase.STRING_VALUE:
        return value.getStringValue();
      case KindCase.NUMBER_VALUE:
        return value.getNumberValue();
      case KindCase.BOOL_VALUE:
        return value.getBoolValue();
      case KindCase.LIST_VALUE: {
        const items = value.getListValue()?.getValuesList() ?? [];
        return items.map((item, index) => readValue(item, [...path, index]));
      }
      case KindCase.STRUCT_VALUE: {
        const members = value.getStructValue() ?? new struct.Struct();
        const marked = readMarked(members, path);
        return marked === undefined ? readMembers(members, path) : marked;
      }
      default:
        return null;
    }
  };
  /** The value inside a secret or an output. Undefined for any other object. */
  const readMarked = (members: Struct, path: Path): Value | undefined => {
    const fields = members.getFieldsMap();
    const mark = fields.get(signatureKey)?.getStringValue();
    const inside = fields.get("value");
    if (mark === secretMark || (mark === outputMark && fields.get("secret")?.getBoolValue())) {
      secrets.push(path);
    } else if (mark !== outputMark) {
      return undefined;
    }
    return inside ? readValue(inside, path) : mark === outputMark ? unknownMark : null;
  };
  return { value: readMembers(wire, []), secrets };
}

/** Properties for the wire. Each existing path in `secrets` is wrapped as a secret. */
export function encode(value: Properties, secrets: readonly Path[] = []): Struct {
  const marked = new Set(secrets.map((path) => JSON.stringify(path)));
  const visit = (here: Value, path: Path): JavaScriptValue => {
    const plain = Array.isArray(here)
      ? here.map((item, index) => visit(item, [...path, index]))
      : isMap(here)
        ? Object.fromEntries(
            Object.entries(here).map(([key, member]) => [key, visit(member, [...path, key])]),
          )
        : here;
    return marked.has(JSON.stringify(path)) ? { [signatureKey]: secretMark, value: plain } : plain;
  };
  return struct.Struct.fromJavaScript(
    Object.fromEntries(Object.entries(value).map(([key, member]) => [key, visit(member, [key])])),
  );
}
