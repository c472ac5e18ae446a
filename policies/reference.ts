/**
 * The reference page of the rules, from the rules' own fields: `node policies/reference.ts` prints
 * it. A test fails when docs/policies.md is another.
 */
import type { Policies } from "@pulumi/policy";

import { rules } from "./rules/all.ts";

type Rule = Policies[number];

/** The page, as Prettier would write it. */
export function reference(): string {
  const intro = [
    "# Policies",
    "<!-- Written by `node policies/reference.ts > docs/policies.md`. -->",
    "The pack in `policies/` runs in every `preview` and `up`. A mandatory rule ends the operation; an advisory one only says its piece. Rules about one resource look at it before it is made; rules about the stack look at all of them at the end of the preview, and again after an update.",
    "With Pulumi's own commands: `pulumi preview --policy-pack policies`. A rule's level and settings come from a JSON file given with `--policy-pack-config`, by the rule's name:",
    [
      "```json",
      '{ "pool-is-routed": { "enforcementLevel": "advisory", "routedNetworks": ["203.0.113.0/24"] } }',
      "```",
    ].join("\n"),
    "What a value will be is not always known in a preview. No rule guesses: what is unknown may be right, and is looked at again in the update.",
    rules.map(({ name }) => `- [${name}](#${name})`).join("\n"),
  ];
  return `${[...intro, ...rules.flatMap(section), ...limits].join("\n\n")}\n`;
}

const limits = [
  "## What a pack cannot see",
  [
    "- The cluster, the client and their routing tables: only what the stack makes. What is there without it is named in a rule's settings.",
    "- The stack's configuration: the SDK for Node does not pass it on. Networks are read from the inputs of the cluster component and of HostRoute.",
    "- Values that nobody knows yet. In the first preview a command's stdout is one of them, so a kubeconfig in it is recognised by what is made of it, and by its text only after the update.",
    "- Objects inside others: a kubeconfig in base64, a manifest in a string, what a Helm release installs.",
    "- Patches of Kubernetes objects, which name only what they change.",
    "- Secrecy, as far as the SDK's interface goes: it unwraps every value before a rule reads it. `policies/sdk/secrecy.ts` says how the pack learns of it all the same.",
  ].join("\n"),
];

function section(rule: Rule): string[] {
  const { name, description, remediationSteps, url } = rule;
  const scope = "validateStack" in rule ? "the whole stack" : "one resource";
  const facts = [
    `- Level: ${rule.enforcementLevel ?? "mandatory"}, severity ${rule.severity ?? "unspecified"}`,
    `- Looks at: ${scope}`,
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
    ...(remediationSteps === undefined ? [] : [`To put right: ${remediationSteps}`]),
    ...(settings.length === 0 ? [] : ["Settings:", settings.join("\n")]),
  ];
}

if (import.meta.main) process.stdout.write(reference());
