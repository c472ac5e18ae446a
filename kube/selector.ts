/** Kubernetes label selectors, as in a Deployment, a NetworkPolicy or an L2Advertisement. Pure. */

/** Every label and every expression must match. The empty selector matches every object. */
export interface LabelSelector {
  /** A value of `undefined` is not known yet. */
  readonly matchLabels?: Readonly<Record<string, string | undefined>> | undefined;
  readonly matchExpressions?: readonly LabelExpression[] | undefined;
}

/** One requirement on one label. */
export interface LabelExpression {
  readonly key: string;
  /** `In`, `NotIn`, `Exists` or `DoesNotExist`. */
  readonly operator: string;
  /** A value of `undefined` is not known yet. */
  readonly values?: readonly (string | undefined)[] | undefined;
}

/** Labels of an object. A value of `undefined` is set but not known yet. */
export type Labels = Readonly<Record<string, string | undefined>>;

/** `maybe` where the answer depends on a value that is not known yet. */
export type Match = "yes" | "no" | "maybe";

/** Whether the labels match, when all values are known. An operator that does not exist never matches. */
export function matches(selector: LabelSelector, labels: Labels): boolean {
  return matchLabels(selector, labels) === "yes";
}

/**
 * Whether the labels match, with `maybe` for what is not known yet.
 *
 * @param labels undefined when none of them are known
 */
export function matchLabels(selector: LabelSelector, labels: Labels | undefined): Match {
  const requirements = requirementsOf(selector);
  if (labels === undefined) return requirements.length === 0 ? "yes" : "maybe";
  const results = requirements.map((requirement) => matchRequirement(requirement, labels));
  if (results.includes("no")) return "no";
  return results.includes("maybe") ? "maybe" : "yes";
}

/** The selector as the API's `labelSelector` parameter. */
export function formatSelector(selector: LabelSelector): string {
  return requirementsOf(selector)
    .map(({ key, operator, values = [] }) => {
      if (operator === "Exists") return key;
      if (operator === "DoesNotExist") return `!${key}`;
      return `${key} ${operator.toLowerCase()} (${values.join(",")})`;
    })
    .join(",");
}

function requirementsOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector) {
  const equalities = Object.entries(matchLabels).map(([key, value]): LabelExpression => ({
    key,
    operator: "In",
    values: [value],
  }));
  return [...equalities, ...matchExpressions];
}

function matchRequirement({ key, operator, values = [] }: LabelExpression, labels: Labels): Match {
  const isSet = Object.hasOwn(labels, key);
  switch (operator) {
    case "Exists":
      return isSet ? "yes" : "no";
    case "DoesNotExist":
      return isSet ? "no" : "yes";
    case "In":
      return isSet ? contains(values, labels[key]) : "no";
    case "NotIn":
      return isSet ? negate(contains(values, labels[key])) : "yes";
    default:
      // The API server refuses it, so that nothing can be said.
      return "maybe";
  }
}

function contains(values: readonly (string | undefined)[], label: string | undefined): Match {
  if (label !== undefined && values.includes(label)) return "yes";
  if (values.length === 0) return "no";
  return label === undefined || values.includes(undefined) ? "maybe" : "no";
}

function negate(match: Match): Match {
  return match === "maybe" ? "maybe" : match === "yes" ? "no" : "yes";
}
