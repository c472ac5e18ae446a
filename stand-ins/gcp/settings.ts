import { isUnknown } from "../kit/properties.ts";
import type { Bag } from "../kit/properties.ts";
import type { Failure } from "../kit/provider.ts";
import { asText, omit, type Properties, type Value } from "../kit/values.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Fields } from "./declarations.ts";
import { faultsIn } from "./faults.ts";

/** Settings of the provider from which a resource takes what the program leaves unset. */
export interface Settings {
  readonly project: Value | undefined;
  readonly region: Value | undefined;
  readonly zone: Value | undefined;
  readonly defaultLabels: Value | undefined;
  readonly deletionPolicy: Value | undefined;
  readonly addPulumiAttributionLabel: Value | undefined;
}

/** Variables that the original reads, first one first. */
const variables = {
  project: ["GOOGLE_PROJECT", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"],
  region: ["GOOGLE_REGION", "GCLOUD_REGION", "CLOUDSDK_COMPUTE_REGION"],
  zone: ["GOOGLE_ZONE", "GCLOUD_ZONE", "CLOUDSDK_COMPUTE_ZONE"],
} as const;

/** How Google writes these settings. */
const formats = {
  project: {
    pattern: /^(?:\d{1,19}|(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9])$/,
    fix: "set gcp:project to a project's id, such as my-project-123: 6 to 30 lower-case letters, digits and hyphens",
  },
  region: {
    pattern: /^[a-z]+-[a-z]+\d+$/,
    fix: "set gcp:region to a region, such as europe-west1",
  },
  zone: {
    pattern: /^[a-z]+-[a-z]+\d+-[a-z]$/,
    fix: "set gcp:zone to a zone, such as europe-west1-b",
  },
} as const;

/** The faults of the provider's arguments. */
export function faultsInSettings(
  catalogue: Catalogue,
  news: Bag,
  environment: NodeJS.ProcessEnv,
): readonly Failure[] {
  const settings = plain(catalogue.provider, news.value);
  const found = faultsIn({ catalogue, secrets: news.secrets }, catalogue.provider, settings);
  for (const name of ["project", "region", "zone"] as const) {
    const value = settingOf(name, settings, environment);
    const { pattern, fix } = formats[name];
    if (typeof value === "string" && !isUnknown(value) && !pattern.test(value)) {
      found.push({ reason: `${name} is ${JSON.stringify(value)}. Fix: ${fix}` });
    }
  }
  return found;
}

/** The provider's arguments, completed from the environment. */
export function readSettings(
  catalogue: Catalogue,
  news: Properties,
  environment: NodeJS.ProcessEnv,
): Settings {
  const settings = plain(catalogue.provider, news);
  return {
    project: settingOf("project", settings, environment),
    region: settingOf("region", settings, environment),
    zone: settingOf("zone", settings, environment),
    defaultLabels: settings.defaultLabels,
    deletionPolicy: settings.deletionPolicy,
    addPulumiAttributionLabel: settings.addPulumiAttributionLabel,
  };
}

function settingOf(
  name: keyof typeof variables,
  settings: Properties,
  environment: NodeJS.ProcessEnv,
): Value | undefined {
  return (
    settings[name] ??
    variables[name].map((variable) => environment[variable]).find((value) => value)
  );
}

/** The arguments by their types. On the wire, everything but text is JSON in a text. */
function plain(fields: Fields, news: Properties): Properties {
  const settings = omit(news, "version", "pluginDownloadURL");
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const text = asText(value);
      const isText = (fields.get(name)?.shape.kind ?? "text") === "text";
      return [name, isText || text === undefined || isUnknown(text) ? value : parsed(text)];
    }),
  );
}

function parsed(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}
