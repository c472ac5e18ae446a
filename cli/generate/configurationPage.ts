import type { z } from "zod";

import { cloudSchemas, type Key, schemas } from "../../components/config/schema/schemas.ts";
import {
  type FormDescription,
  type KeyDescription,
  describeForms,
  describeTopKey,
} from "./describeKeys.ts";

const head = `<!-- Generated from components/config/schema. \`npm run generate\` writes it. -->

# Configuration

\`Pulumi.<stack>.yaml\` decides what a stack has. \`Pulumi.dev.yaml\`, \`Pulumi.lab.yaml\` and \`Pulumi.gke.yaml\` are complete examples. The program builds exactly what the file says. It reports every fault at once, each with its key.

Edit the file, or set one value from the command line in \`npm run shell\`:

\`\`\`sh
pulumi config set --stack dev --path provenet:apps.web.replicas 3
pulumi config set --stack dev --path 'provenet:network.pools[1].name' extra
pulumi config set --stack dev --path 'provenet:network.pools[1].addresses[0]' 192.168.49.64/28
\`\`\`

Only \`cluster\` is required, and \`network\` where MetalLB assigns addresses. No key holds a secret. An existing cluster's kubeconfig stays in its file, and Pulumi encrypts its copy in the state.

## Values

| type | what to write |
| --- | --- |
| address | one IPv4 or IPv6 address, such as \`192.0.2.1\` |
| network | CIDR notation without host bits, such as \`192.0.2.0/24\` |
| range | first and last address, such as \`192.0.2.10-192.0.2.20\` |
| vantage | where packets are sent from: \`host\`, \`netns:/run/netns/NAME\` or \`ssh:[USER@]HOST\` |
| router | the word \`router\`, for the vantage of \`client.router\` |

## What only the machine knows

Some values depend on the machine. \`npm run up\` passes them to the program in \`PROVENET_MACHINE\`. They fill keys that the stack leaves unset and never replace a value of the stack file. The tables call them "the machine's".
`;

/** The text of `docs/configuration.md`. */
export function configurationPage(): string {
  const sections = Object.entries(schemas).map(([key, schema]) => {
    const { description, fallback } = describeTopKey(schema);
    const required = fallback === undefined ? "Required." : "Optional.";
    const forms = formsOf(key as Key, schema).map((form) => formSection(form));
    return `## \`provenet:${key}\`\n\n${description} ${required}\n\n${forms.join("\n")}`;
  });
  return `${head}\n${sections.join("\n")}`;
}

/** The forms of a key. One that depends on the kind of cluster has a form for each. */
function formsOf(key: Key, schema: z.ZodType): readonly FormDescription[] {
  const cloud: z.ZodType = cloudSchemas[key];
  if (cloud === schema) return describeForms(schema);
  const under = (kinds: string, form: z.ZodType): FormDescription[] =>
    describeForms(form).map((each) => ({ ...each, title: `cluster.kind: ${kinds}` }));
  return [...under("minikube, existing", schema), ...under("gke", cloud)];
}

function formSection({ title, description, keys }: FormDescription): string {
  const heading = title === undefined ? "" : `### \`${title}\`\n\n${description}\n\n`;
  const lines = [
    ["key", "type", "default", "example", "what it decides"],
    ["---", "---", "---", "---", "---"],
    ...keys.map(cellsOf),
  ];
  return `${heading}${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}

function cellsOf({ path, type, fallback, example, description }: KeyDescription): string[] {
  return [
    `\`${path}\``,
    type,
    fallback === undefined ? "required" : wordOrCode(fallback),
    example === undefined ? "" : `\`${example}\``,
    description,
  ];
}

/** Defaults are JSON or words. Words are shown as they are. */
function wordOrCode(fallback: string): string {
  try {
    const value: unknown = JSON.parse(fallback);
    return `\`${typeof value === "string" ? value : fallback}\``;
  } catch {
    return fallback;
  }
}
