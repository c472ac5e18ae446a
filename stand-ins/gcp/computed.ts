import { hasUnknown, isUnknown } from "../kit/properties.ts";
import { asMap, type Properties, type Value } from "../kit/values.ts";
import { knownText } from "./inputs.ts";
import { placeIn } from "./places.ts";
import type { Settings } from "./settings.ts";

/** Outputs of a new resource that the original computes in a preview, by type. */
export function computedOutputs(
  type: string,
  planned: Properties,
  inputs: Properties,
  settings: Settings,
): Properties {
  const fill = (name: string, value: Value | undefined): Properties =>
    isUnknown(planned[name]) && (inputs[name] ?? null) === null && value !== undefined
      ? { [name]: value }
      : {};
  const project = inputs.project ?? placeIn(settings, "project");
  return {
    ...planned,
    ...fill("project", project),
    ...fill("deletionPolicy", settings.deletionPolicy ?? "DELETE"),
    ...labels(planned, inputs, settings),
    ...(type === "gcp:serviceaccount/account:Account" ? account(inputs, project) : {}),
  };
}

/** The labels of the resource, of the provider and of Pulumi. */
function labels(planned: Properties, inputs: Properties, settings: Settings): Properties {
  const given = inputs.labels ?? inputs.resourceLabels ?? {};
  if (planned.pulumiLabels === undefined || hasUnknown(given)) return {};
  const attribution = settings.addPulumiAttributionLabel !== false;
  const all: Properties = {
    ...asMap(settings.defaultLabels),
    ...(attribution && { "goog-pulumi-provisioned": "true" }),
    ...asMap(given),
  };
  return { pulumiLabels: all, effectiveLabels: all };
}

function account(inputs: Properties, project: Value | undefined): Properties {
  const [id, home] = [knownText(inputs.accountId), knownText(project)];
  if (id === undefined || home === undefined) return {};
  const email = `${id}@${home}.iam.gserviceaccount.com`;
  return { email, member: `serviceAccount:${email}` };
}
