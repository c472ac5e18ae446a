import { parsePath } from "../../kit/paths.ts";
import { asText, at, type Path, type Properties, type Value } from "../../kit/values.ts";
import { count } from "../client.ts";
import { conditionOf, generationOf } from "../objects.ts";
import { ready, waiting, type Readiness, type Rule } from "./condition.ts";

/**
 * Reads the annotation `pulumi.com/waitFor`: `condition=Type[=Status]`, `jsonpath={.a.b}[=value]`, or a list of
 * such in JSON, all of which must hold.
 *
 * @throws {Error} when it is none of these.
 */
export function waitForRule(annotation: string): Rule {
  const rules = expressionsOf(annotation).map(ruleOf);
  if (rules.length === 0) throw new Error("pulumi.com/waitFor: give at least one condition");
  return async (live) => {
    for (const rule of rules) {
      const readiness = await rule(live);
      if (readiness.state !== "ready") return readiness;
    }
    return ready;
  };
}

function expressionsOf(annotation: string): string[] {
  if (!annotation.trimStart().startsWith("[")) return [annotation];
  const list = JSON.parse(annotation) as unknown;
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) {
    throw new Error(`pulumi.com/waitFor: ${annotation} is no list of texts`);
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
  throw new Error(
    `pulumi.com/waitFor: cannot read ${JSON.stringify(expression)}: write condition=Ready or jsonpath={.status.phase}=Bound`,
  );
}

function judgeCondition(live: Properties, type: string, status: string): Readiness {
  const condition = conditionOf(live, type);
  if (!condition) return waiting(`it has no condition ${type}`);
  const observed = condition.observedGeneration ?? at(live, "status", "observedGeneration");
  if (observed !== undefined && count(observed) < generationOf(live)) {
    return waiting("the controller has not seen this change yet");
  }
  const found = asText(condition.status) ?? "Unknown";
  const message = asText(condition.message);
  return found.toLowerCase() === status.toLowerCase()
    ? ready
    : waiting(`condition ${type} is ${found}, not ${status}${message ? `: ${message}` : ""}`);
}

/** Filters, slices and functions of JSONPath are refused: names, indices and `*` are enough for what exists. */
function parseJsonPath(path: string, expression: string): Path {
  if (/[?()@,:]|\.\./.test(path)) {
    throw new Error(
      `pulumi.com/waitFor: this stand-in reads names, indices and [*] in a path only, not ${JSON.stringify(expression)}`,
    );
  }
  return parsePath(path.replaceAll("'", '"').replace(/^\./, ""));
}

function pathRule(path: Path, written: string, wanted: string | undefined): Rule {
  return (live) => {
    const observed = at(live, "status", "observedGeneration");
    if (observed !== undefined && count(observed) < generationOf(live)) {
      return waiting("the controller has not seen this change yet");
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
