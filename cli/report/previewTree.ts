/** Renders a preview as text: a tree with one line per resource, then what changes and how. */
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/events.js";

import { cloudLines } from "./cloudSummary.ts";
import { changedProperties, newProperties } from "./properties.ts";

/** What a preview plans for one resource. */
type Step = Pick<StepEventMetadata, "urn" | "type" | "op" | "old" | "new" | "detailedDiff">;

const kinds = [
  { op: "create", sign: "+", words: "to create" },
  { op: "update", sign: "~", words: "to update" },
  { op: "replace", sign: "±", words: "to replace" },
  { op: "delete", sign: "-", words: "to delete" },
  { op: "same", sign: " ", words: "unchanged" },
] as const;

type Kind = (typeof kinds)[number];

/** Lines of properties for one resource. The rest is counted. */
const maxProperties = 40;

const rootType = "pulumi:pulumi:Stack";

/** Returns the report for the engine's events of one preview, without colours. */
export function formatPreview(events: readonly EngineEvent[]): string {
  const steps = plannedSteps(events);
  // A first preview creates everything, and the tree has one line for each.
  const isFirst = steps.some(({ type, op }) => type === rootType && op === "create");
  return [
    section("", treeLines(steps)),
    isFirst ? "" : section("Changes", steps.flatMap(changeLines)),
    isFirst ? "" : section("Outputs", outputLines(events)),
    section("Google Cloud", cloudLines(events)),
    section("Policies", events.flatMap(policyLines)),
    section("Messages", messageLines(events)),
    `${summaryLine(events)}\n`,
  ].join("");
}

function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `${[...(title === "" ? [] : [title]), ...lines].join("\n")}\n\n`;
}

/** One step per resource. The steps of a replacement become one. Default providers are left out. */
function plannedSteps(events: readonly EngineEvent[]): Step[] {
  const steps = new Map<string, Step>();
  for (const { resourcePreEvent } of events) {
    const step = resourcePreEvent?.metadata;
    if (step === undefined || isDefaultProvider(step)) continue;
    if (!steps.has(step.urn) || step.op === "replace") steps.set(step.urn, step);
  }
  return [...steps.values()];
}

const isDefaultProvider = ({ type, urn }: Step) =>
  type.startsWith("pulumi:providers:") && nameOf(urn).startsWith("default");

const nameOf = (urn: string) => urn.split("::").at(-1) ?? urn;

function kindOf({ op }: Step): Kind {
  const plain = /replace/.test(op) ? "replace" : op;
  return kinds.find((kind) => kind.op === plain) ?? kinds[4];
}

const changes = (step: Step) => kindOf(step).op !== "same";

/** The changed resources under their parents. Unchanged ones are counted at the parent. */
function treeLines(steps: readonly Step[]): string[] {
  const children = new Map<string, Step[]>();
  const urns = new Set(steps.map(({ urn }) => urn));
  for (const step of steps) {
    const parent = (step.new ?? step.old)?.parent ?? "";
    const known = urns.has(parent) ? parent : "";
    children.set(known, [...(children.get(known) ?? []), step]);
  }
  const draw = (step: Step, indent: string): string[] => {
    const inner = children.get(step.urn) ?? [];
    const drawn = sorted(inner).flatMap((child) => draw(child, `${indent}  `));
    if (!changes(step) && drawn.length === 0) return [];
    const same = inner.filter((child) => !changes(child)).length;
    const remark = same > 0 && inner.length > same ? `  (${same} unchanged)` : "";
    return [`${describe(step, indent)}${remark}`, ...drawn];
  };
  return sorted(children.get("") ?? []).flatMap((step) => draw(step, ""));
}

/** Components keep the program's order. Their resources are sorted by type and name. */
function sorted(steps: readonly Step[]): Step[] {
  const isLeaf = (step: Step) => (step.new ?? step.old)?.custom === true;
  const key = (step: Step) => `${shortType(step)} ${nameOf(step.urn)}`;
  const leaves = steps.filter(isLeaf).sort((one, other) => (key(one) < key(other) ? -1 : 1));
  return [...leaves, ...steps.filter((step) => !isLeaf(step))];
}

const shortType = ({ type }: Step) => type.split(":").at(-1) ?? type;

/** `+ web-deployment  Deployment`. A CRD is shown as `+ ippools.crd.projectcalico.org v1  …`. */
function describe(step: Step, indent = ""): string {
  return `${kindOf(step).sign} ${indent}${crdLabel(step) ?? nameOf(step.urn)}  ${shortType(step)}`;
}

function crdLabel(step: Step): string | undefined {
  if (shortType(step) !== "CustomResourceDefinition") return undefined;
  const { metadata, spec } = (step.new ?? step.old)?.inputs as {
    readonly metadata?: { readonly name?: string };
    readonly spec?: { readonly versions?: readonly { readonly name?: string }[] };
  };
  const versions = (spec?.versions ?? []).map(({ name }) => name ?? "?");
  return `${metadata?.name ?? nameOf(step.urn)} ${versions.join(", ")}`;
}

/** The resource with its changed properties, or with all of them when it is new. */
function changeLines(step: Step): string[] {
  const { op } = kindOf(step);
  const isComponent = (step.new ?? step.old)?.custom !== true;
  if (op === "same" || isComponent) return [];
  const properties = crdLabel(step) === undefined ? propertyLines(op, step) : [];
  const shown = properties.slice(0, maxProperties);
  const rest = properties.length - shown.length;
  const more = rest > 0 ? [`… ${rest} more: \`npm run preview -- --diff\` shows them`] : [];
  return [describe(step), ...[...shown, ...more].map((line) => `    ${line}`)];
}

function propertyLines(op: Kind["op"], { old: before, new: after, detailedDiff }: Step): string[] {
  if (after === undefined || op === "delete") return [];
  if (before === undefined || op === "create") return newProperties(after.inputs);
  return changedProperties(before, after, detailedDiff ?? {});
}

/** Changed outputs of the stack. */
function outputLines(events: readonly EngineEvent[]): string[] {
  const last = events
    .map(({ resOutputsEvent }) => resOutputsEvent?.metadata)
    .findLast((step) => step?.type === rootType);
  if (last?.old === undefined || last.new === undefined) return [];
  const [before, after] = [{ inputs: last.old.outputs }, { inputs: last.new.outputs }];
  return changedProperties(before, after, {}).map((line) => `    ${line}`);
}

function policyLines({ policyEvent }: EngineEvent): string[] {
  if (policyEvent === undefined) return [];
  const { enforcementLevel, policyName, resourceUrn, message } = policyEvent;
  const place = resourceUrn === undefined ? "" : ` (${nameOf(resourceUrn)})`;
  return [`${enforcementLevel} ${policyName}${place}: ${withoutColours(message)}`];
}

/** Errors, warnings and what the program printed, each once. */
function messageLines(events: readonly EngineEvent[]): string[] {
  const lines = events.flatMap(({ diagnosticEvent }) => {
    if (diagnosticEvent === undefined || diagnosticEvent.ephemeral === true) return [];
    const { severity, message, urn } = diagnosticEvent;
    if ((severity as string) === "debug" || withoutColours(message) === "") return [];
    const place = urn === undefined || urn === "" ? "" : ` (${nameOf(urn)})`;
    const word = severity.startsWith("info") ? "" : `${severity}${place}: `;
    return [`${word}${withoutColours(message)}`];
  });
  return [...new Set(lines)];
}

/** A message without the engine's colour marks, such as `<{%reset%}>`. */
export function withoutColours(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}

/** `3 to create, 1 to update, 12 unchanged`. A program that failed has counted only a part. */
function summaryLine(events: readonly EngineEvent[]): string {
  if (events.some(({ diagnosticEvent }) => diagnosticEvent?.severity === "error")) {
    return "The preview stopped at an error.";
  }
  const counts = events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges;
  if (counts === undefined) return "The preview ended before its summary.";
  const parts = kinds
    .filter(({ op }) => (counts[op] ?? 0) > 0)
    .map(({ op, words }) => `${counts[op] ?? 0} ${words}`);
  return parts.length === 0 ? "no resources" : parts.join(", ");
}
