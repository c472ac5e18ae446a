/**
 * Prints docs/policies.md from the fields of the rules: `node policies/reference.ts`. A test fails
 * when the file is stale.
 */
import type { Policies } from "@pulumi/policy";

import { rules } from "./rules/all.ts";

type Rule = Policies[number];

/** The page, formatted like Prettier's output. */
export function reference(): string {
  const intro = [
    "# Policies",
    "<!-- Written by `node policies/reference.ts > docs/policies.md`. -->",
    "Every `preview` and `up` runs the pack in `policies/`. A violation of a mandatory rule stops the operation. Advisory rules print a warning. Rules about one resource run before the resource is created. Rules about the stack run at the end of the preview, and again after an update.",
    "The file `Pulumi.<stack>.policies.json` next to the stack file sets the level and the settings of rules for that stack, by their names:",
    [
      "```json",
      '{ "pool-is-routed": { "enforcementLevel": "advisory", "routedNetworks": ["203.0.113.0/24"] } }',
      "```",
    ].join("\n"),
    "Pulumi's own commands run the pack with `pulumi preview --policy-pack policies --policy-pack-config FILE`.",
    "Some values are unknown in a preview. Every rule accepts an unknown value and checks it again in the update.",
    rules.map(({ name }) => `- [${name}](#${name})`).join("\n"),
  ];
  return `${[...intro, ...rules.flatMap(section), ...limits].join("\n\n")}\n`;
}

const limits = [
  "## What the pack cannot see",
  [
    "- The cluster, the client and their routing tables. The pack sees only the stack's resources. A rule's settings name what exists outside the stack.",
    "- The stack's configuration. The SDK does not pass it to Node. Rules read networks from the inputs of the cluster component and of HostRoute.",
    "- Unknown values. In a first preview the stdout of a command is unknown. The rule recognises a kubeconfig there by its uses, and after the update by its text.",
    "- Objects inside values, such as a kubeconfig in base64, a manifest in a string or the objects of a Helm release.",
    "- Parts of a cluster in Google Cloud that another stack has, such as its subnetwork or its pools. A rule about them accepts what it cannot see.",
    "- Patches of Kubernetes objects, which contain only what they change.",
    "- Secrecy through the SDK's interface, which unwraps every value. [ADR 8](adr/0008-secrets-in-the-policy-pack.md) describes how the pack reads it.",
  ].join("\n"),
];

function section(rule: Rule): string[] {
  const { name, description, remediationSteps, url } = rule;
  const scope = "validateStack" in rule ? "the whole stack" : "one resource";
  const facts = [
    `- Level: ${rule.enforcementLevel ?? "mandatory"}, severity ${rule.severity ?? "unspecified"}`,
    `- Scope: ${scope}`,
    `- Tags: ${(rule.tags ?? []).join(", ")}`,
    ...(url === undefined ? [] : [`- More: <${url}>`]),
  ];
  const settings = Object.entries(rule.configSchema?.properties ?? {}).map(
    ([key, { description: meaning = "", default: value }]) =>
      `- \`${key}\` (default \`${JSON.stringify(value)}\`): ${meaning}`,
  );
  return [
    `## ${name}`,
    description,
    facts.join("\n"),
    ...(remediationSteps === undefined ? [] : [`Fix: ${remediationSteps}`]),
    ...(settings.length === 0 ? [] : ["Settings:", settings.join("\n")]),
  ];
}

if (import.meta.main) process.stdout.write(reference());
