import { parsePath } from "../../kit/paths.ts";
import { UserError } from "../../../messages/errors.ts";
import {
  Unsupported,
  asText,
  at,
  type Path,
  type Properties,
  type Value,
} from "../../kit/values.ts";
import { count } from "../client.ts";
import { conditionOf, generationOf } from "../objects.ts";
import { ready, waiting, type Readiness, type Rule } from "./condition.ts";

/**
 * The rule of a `pulumi.com/waitFor` annotation.
 *
 * It is `condition=Type[=Status]`, `jsonpath={.a.b}[=value]`, or a JSON list of these that must all hold.
 *
 * @throws {UserError} when the annotation has another form.
 */
export function waitForRule(annotation: string): Rule {
  const rules = expressionsOf(annotation).map(ruleOf);
  if (rules.length === 0) throw refused("the list is empty");
  return async (live) => {
    for (const rule of rules) {
      const readiness = await rule(live);
      if (readiness.state !== "ready") return readiness;
    }
    return ready;
  };
}

function refused(why: string): UserError {
  return new UserError(
    `pulumi.com/waitFor: ${why}`,
    "write condition=Ready or jsonpath={.status.phase}=Bound",
  );
}

function expressionsOf(annotation: string): string[] {
  if (!annotation.trimStart().startsWith("[")) return [annotation];
  const list = JSON.parse(annotation) as unknown;
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) {
    throw refused(`${annotation} is not a list of strings`);
  }
  return list;
}

function ruleOf(expression: string): Rule {
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(expression);
  if (condition) {
    const [, type = "", status = "True"] = condition;
    return (live) => judgeCondition(live, type, status);
  }
  const jsonpath = /^jsonpath=\{\s*\$?([^}]*?)\s*\}(?:=(.+))?$/.exec(expression);
  if (jsonpath) {
    const [, path = "", value] = jsonpath;
    return pathRule(parseJsonPath(path, expression), path, value);
  }
  throw refused(`${JSON.stringify(expression)} is not a condition`);
}

function judgeCondition(live: Properties, type: string, status: string): Readiness {
  const condition = conditionOf(live, type);
  if (!condition) return waiting(`it has no condition ${type}`);
  const observed = condition.observedGeneration ?? at(live, "status", "observedGeneration");
  if (observed !== undefined && count(observed) < generationOf(live)) {
    return waiting("the controller has not observed this change yet");
  }
  const found = asText(condition.status) ?? "Unknown";
  const message = asText(condition.message);
  return found.toLowerCase() === status.toLowerCase()
    ? ready
    : waiting(`condition ${type} is ${found}, not ${status}${message ? `: ${message}` : ""}`);
}

/** Parses a path of names, indices and `*`. Filters, slices and functions are refused. */
function parseJsonPath(path: string, expression: string): Path {
  if (/[?()@,:]|\.\./.test(path)) {
    throw new Unsupported(
      `pulumi.com/waitFor: ${JSON.stringify(expression)} is not supported by this stand-in`,
      "use only names, indices and [*] in the path",
    );
  }
  return parsePath(path.replaceAll("'", '"').replace(/^\./, ""));
}

function pathRule(path: Path, written: string, wanted: string | undefined): Rule {
  return (live) => {
    const observed = at(live, "status", "observedGeneration");
    if (observed !== undefined && count(observed) < generationOf(live)) {
      return waiting("the controller has not observed this change yet");
    }
    const [found] = select(live, path);
    if (found === undefined) return waiting(`${written} is not there`);
    if (wanted === undefined) return ready;
    const text = typeof found === "string" ? found : JSON.stringify(found);
    return text === wanted ? ready : waiting(`${written} is ${text}, not ${wanted}`);
  };
}

function select(value: Value | undefined, [step, ...rest]: Path): Value[] {
  if (value === undefined) return [];
  if (step === undefined) return [value];
  const members =
    step === "*" && typeof value === "object" && value !== null
      ? Object.values(value)
      : [at(value, step)];
  return members.flatMap((member) => select(member, rest));
}
