/**
 * Properties of a resource as a rule reads them: with their path, so that a message can name it, and
 * with "nobody knows yet" as an answer. The SDK's own props throw when an unknown is read, which
 * ends the rule at the first one and leaves the rest of the resource unchecked.
 */
import { UnknownValueError } from "@pulumi/policy";

const unknownYet = Symbol("unknown");

/** One property, there or not, known or not. */
export class Property {
  /** Such as `spec.template.spec.containers[0].image`; empty for the resource itself. */
  readonly path: string;
  readonly #value: unknown;

  private constructor(path: string, value: unknown) {
    this.path = path;
    this.#value = value;
  }

  /** The properties of a resource, as the SDK hands them to a rule. */
  static of(props: object): Property {
    return new Property("", props);
  }

  /** Whether the value, or what it would be in, cannot be known in this preview. */
  get isUnknown(): boolean {
    return this.#value === unknownYet;
  }

  /** Whether it is known that nothing is set here. */
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

  /** The property reached by these keys; missing where one of them is, unknown likewise. */
  at(...keys: readonly string[]): Property {
    const [key, ...further] = keys;
    if (key === undefined) return this;
    const path = `${this.path}${segment(key, this.path === "")}`;
    return new Property(path, this.#read(key)).at(...further);
  }

  /** The elements, where this is a known list. */
  items(): Property[] {
    const value = this.#value;
    if (!Array.isArray(value)) return [];
    return Array.from(
      { length: value.length },
      (_, index) => new Property(`${this.path}[${index}]`, this.#read(index)),
    );
  }

  /** Keys and their properties, where this is a known object; keys without a value are left out. */
  entries(): [string, Property][] {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    return Object.keys(value)
      .map((key): [string, Property] => [key, this.at(key)])
      .filter(([, property]) => !property.isMissing);
  }

  #read(key: string | number): unknown {
    const value = this.#value;
    if (value === unknownYet) return unknownYet;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    if (Array.isArray(value) && typeof key === "string") return undefined;
    try {
      return (value as Record<string | number, unknown>)[key];
    } catch (error) {
      if (error instanceof UnknownValueError) return unknownYet;
      throw error;
    }
  }
}

function segment(key: string, first: boolean): string {
  if (!/^\w+$/.test(key)) return `["${key}"]`;
  return first ? key : `.${key}`;
}
