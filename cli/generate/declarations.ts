import { stringify } from "yaml";

import { schemas } from "../../components/config/schema/schemas.ts";
import { describeTopKey } from "./describeKeys.ts";

const start = "config:\n";
const notice = "  # Generated from components/config/schema. `npm run generate` writes it.\n";

/** `Pulumi.yaml` with the declarations of the schema. All that stands before `config:` is kept. */
export function projectFile(current: string): string {
  const position = current.indexOf(`\n${start}`);
  if (position < 0) throw new Error("Pulumi.yaml has no config section");
  return current.slice(0, position + 1) + start + notice + declarations();
}

function declarations(): string {
  const entries = Object.entries(schemas).map(([key, schema]) => {
    const { description, fallback } = describeTopKey(schema);
    return [
      `provenet:${key}`,
      {
        type: "object",
        ...(fallback === undefined ? {} : { default: JSON.parse(fallback) as unknown }),
        description: `${description} docs/configuration.md lists its keys.`,
      },
    ] as const;
  });
  return stringify(Object.fromEntries(entries), { lineWidth: 0 }).replaceAll(/^(?=.)/gm, "  ");
}
