import { hasUnknown } from "../kit/properties.ts";
import type { Failure } from "../kit/provider.ts";
import { asText, type Properties, type Value } from "../kit/values.ts";

/** Arguments of the provider resource. */
export interface Settings {
  readonly kubeconfig: Value | undefined;
  readonly context: string | undefined;
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly deleteUnreachable: boolean;
  readonly skipUpdateUnreachable: boolean;
  readonly enableConfigMapMutable: boolean;
  readonly enableSecretMutable: boolean;
  readonly enablePatchForce: boolean;
  readonly upsertExistingObjects: boolean;
}

/** Switches, each with the environment variable that sets it too. */
const flagVariables = {
  deleteUnreachable: "PULUMI_K8S_DELETE_UNREACHABLE",
  skipUpdateUnreachable: "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
  enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
} as const;

const knownSettings = new Set([
  ...Object.keys(flagVariables),
  "kubeconfig",
  "context",
  "cluster",
  "clusterIdentifier",
  "namespace",
  "enableServerSideApply",
  // These change nothing, because they configure features that are refused.
  "suppressDeprecationWarnings",
  "suppressHelmHookWarnings",
  "kubeClientSettings",
  // The engine's own.
  "version",
  "pluginDownloadURL",
  "__internal",
]);

/** All faults in the provider's arguments. */
export function faultsInSettings(settings: Properties): Failure[] {
  const faults: Failure[] = Object.keys(settings)
    .filter((name) => !knownSettings.has(name) && isSet(settings[name]))
    .map((property) => ({
      property,
      reason: `${property} is not supported by this stand-in. Fix: remove it, or use the official plugin`,
    }));
  const serverSide = settings.enableServerSideApply;
  if (isSet(serverSide) && !isTrue(serverSide) && !hasUnknown(serverSide)) {
    faults.push({
      property: "enableServerSideApply",
      reason:
        "enableServerSideApply is false, which this stand-in does not support. Fix: remove it",
    });
  }
  return faults;
}

/** Reads the provider's arguments. */
export function readSettings(settings: Properties): Settings {
  const flag = (name: keyof typeof flagVariables) =>
    isTrue(settings[name] ?? process.env[flagVariables[name]] ?? null);
  const text = (name: string) => asText(settings[name]) || undefined;
  return {
    kubeconfig: settings.kubeconfig,
    context: text("context"),
    cluster: text("cluster"),
    namespace: text("namespace"),
    deleteUnreachable: flag("deleteUnreachable"),
    skipUpdateUnreachable: flag("skipUpdateUnreachable"),
    enableConfigMapMutable: flag("enableConfigMapMutable"),
    enableSecretMutable: flag("enableSecretMutable"),
    enablePatchForce: flag("enablePatchForce"),
    upsertExistingObjects: flag("upsertExistingObjects"),
  };
}

/** The SDK sends booleans as JSON text. */
function isTrue(value: Value | undefined): boolean {
  return value === true || value === "true";
}

function isSet(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}
