import type { Path, Value } from "../kit/values.ts";

const quantityPattern =
  /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+)|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;

const decimalPowers: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binarySuffixes = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** The precision of a Kubernetes quantity is 10⁻⁹. */
const nanoDigits = 9;

/** A quantity such as `500m` in units of 10⁻⁹, rounded up. Undefined when the text is not a quantity. */
export function nanosOf(value: Value | undefined): bigint | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const match = quantityPattern.exec(String(value));
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", exponent, suffix = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const power =
    (exponent === undefined ? (decimalPowers[suffix] ?? 0) : Number(exponent)) - fraction.length;
  // A huge exponent would only use memory.
  if (Math.abs(power) > 100) return undefined;
  const binary = 1024n ** BigInt(binarySuffixes.indexOf(suffix) + 1);
  const digits = BigInt(whole + fraction) * binary;
  const shift = power + nanoDigits;
  const divisor = shift < 0 ? 10n ** BigInt(-shift) : 1n;
  const scaled = shift < 0 ? (digits + divisor - 1n) / divisor : digits * 10n ** BigInt(shift);
  return sign === "-" ? -scaled : scaled;
}

/** Fields of built-in kinds that contain quantities. */
const quantityHolders = new Set<string | number | undefined>([
  "limits",
  "requests",
  "capacity",
  "allocatable",
  "hard",
  "overhead",
  "podFixed",
  "default",
  "defaultRequest",
  "max",
  "min",
  "maxLimitRequestRatio",
]);
const quantityFields = new Set<string | number | undefined>([
  "sizeLimit",
  "divisor",
  "averageValue",
]);

/** API groups that {@link quantityHolders} applies to. */
const quantityGroups: ReadonlySet<string> = new Set([
  "",
  "apps",
  "autoscaling",
  "batch",
  "node.k8s.io",
  "policy",
  "storage.k8s.io",
]);

/** Whether two values of a built-in kind are the same quantity, such as `1000m` and `1`. */
export function isSameQuantity(group: string, path: Path, one: Value, other: Value): boolean {
  if (!quantityGroups.has(group) || path[0] !== "spec") return false;
  const ofTarget = path.at(-1) === "value" && path.at(-2) === "target";
  const holds = quantityHolders.has(path.at(-2)) || quantityFields.has(path.at(-1)) || ofTarget;
  const nanos = holds ? nanosOf(one) : undefined;
  return nanos !== undefined && nanos === nanosOf(other);
}
