import type { Failure } from "../kit/provider.ts";
import type { Properties, Value } from "../kit/values.ts";
import type { Declared } from "./catalogue.ts";
import { factsOf } from "./facts.ts";
import { knownText } from "./inputs.ts";
import type { Settings } from "./settings.ts";

type Place = "project" | "region" | "location";

/** Places that neither the resource nor the provider names. The original fails for some only in an update. */
export function missingPlaces(
  type: string,
  { inputs: fields, outputs }: Declared,
  inputs: Properties,
  settings: Settings,
): Failure[] {
  const isComputed = outputs.get("project")?.mayBeAbsent === false;
  const { needs } = factsOf(type) ?? {};
  const needed: Place[] = [...(isComputed ? ["project" as const] : []), ...(needs ? [needs] : [])];
  return needed
    .filter((place) => fields.get(place)?.optional === true)
    .filter((place) => (inputs[place] ?? null) === null && placeIn(settings, place) === undefined)
    .map((place) => ({
      reason: `${place} is not set, and the provider has none. Fix: set ${place}, or run pulumi config set gcp:${place === "location" ? "region" : place}`,
    }));
}

/** What a resource takes from the provider when the program does not name the place. */
export function placeIn({ project, region, zone }: Settings, place: Place): Value | undefined {
  if (place === "project") return project;
  if (place === "location") return zone ?? region;
  return region ?? knownText(zone)?.replace(/-[a-z]$/, "") ?? zone;
}
