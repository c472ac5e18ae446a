/**
 * Properties with their path, for messages, and with "unknown" as an answer. The SDK's props throw
 * when a rule reads an unknown value, which ends the rule and leaves the rest of the resource
 * unchecked.
 */
import { UnknownValueError } from "@pulumi/policy";

const unknownValue = Symbol("unknown");

/** A property, which may be missing or unknown. */
export class Property {
  /** Such as `spec.template.spec.containers[0].image`. Empty for the resource itself. */
  readonly path: string;
  readonly #value: unknown;

  private constructor(path: string, value: unknown) {
    this.path = path;
    this.#value = value;
  }

  /** The properties of a resource, as the SDK passes them to a rule. */
  static of(props: object): Property {
    return new Property("", props);
  }

  /** Whether the value or a parent of it is unknown in this preview. */
  get isUnknown(): boolean {
    return this.#value === unknownValue;
  }

  /** Whether nothing is set here. False while that is unknown. */
  get isMissing(): boolean {
    return this.#value === undefined || this.#value === null;
  }

  /** The value if it is a known string. */
  get text(): string | undefined {
    return typeof this.#value === "string" ? this.#value : undefined;
  }

  /** The value if it is a known number. */
  get number(): number | undefined {
    return typeof this.#value === "number" ? this.#value : undefined;
  }

  /** Whether the value is known to be `true`. */
  get isTrue(): boolean {
    return this.#value === true;
  }

  /** Whether the value is known to be `false`. */
  get isFalse(): boolean {
    return this.#value === false;
  }

  /** Such as `spec.replicas is 1`, or `spec.replicas is not set`. */
  get statement(): string {
    const value = this.text ?? JSON.stringify(this.#value);
    return `${this.path} is ${this.isUnknown ? "unknown" : this.isMissing ? "not set" : value}`;
  }

  /** The property at these keys. It is missing or unknown if one of them is. */
  at(...keys: readonly string[]): Property {
    const [key, ...further] = keys;
    if (key === undefined) return this;
    const path = `${this.path}${segment(key, this.path === "")}`;
    return new Property(path, this.#read(key)).at(...further);
  }

  /** The elements of a known list, otherwise none. */
  items(): Property[] {
    const value = this.#value;
    if (!Array.isArray(value)) return [];
    return Array.from(
      { length: value.length },
      (_, index) => new Property(`${this.path}[${index}]`, this.#read(index)),
    );
  }

  /** Keys and properties of a known object, without those that have no value. */
  entries(): [string, Property][] {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    return Object.keys(value)
      .map((key): [string, Property] => [key, this.at(key)])
      .filter(([, property]) => !property.isMissing);
  }

  #read(key: string | number): unknown {
    const value = this.#value;
    if (value === unknownValue) return unknownValue;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    if (Array.isArray(value) && typeof key === "string") return undefined;
    try {
      return (value as Record<string | number, unknown>)[key];
    } catch (error) {
      if (error instanceof UnknownValueError) return unknownValue;
      throw error;
    }
  }
}

function segment(key: string, first: boolean): string {
  if (!/^\w+$/.test(key)) return `["${key}"]`;
  return first ? key : `.${key}`;
}
