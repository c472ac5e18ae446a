import * as k8s from "@pulumi/kubernetes";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

import type { CustomResourceDefinitionManifest } from "../config/settings.ts";
import type { Fault } from "../../messages/faults.ts";

type Spec = input.apiextensions.v1.CustomResourceDefinitionSpec;

/**
 * The schema keys that Kubernetes writes with dashes and the SDK with underscores. Only these: any
 * other key with a dash is a property somebody defined.
 */
const extensions = new Map(
  [
    "embedded-resource",
    "int-or-string",
    "list-map-keys",
    "list-type",
    "map-type",
    "preserve-unknown-fields",
    "validations",
  ].map((word) => [`x-kubernetes-${word}`, `x_kubernetes_${word.replaceAll("-", "_")}`]),
);

/** The value with every schema extension under the SDK's key. */
export function toSdkKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSdkKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [extensions.get(key) ?? key, toSdkKeys(inner)]),
  );
}

/** The manifest as the SDK's arguments: what the server writes (`status`, times) is left out. */
export function definitionArgs(
  manifest: CustomResourceDefinitionManifest,
): k8s.apiextensions.v1.CustomResourceDefinitionArgs {
  const { name, labels, annotations } = manifest.metadata;
  return {
    metadata: {
      name,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    // The manifest's spec is whatever upstream published: the API server judges its shape.
    spec: toSdkKeys(manifest.spec) as Spec,
  };
}

/** The manifest without its conversion webhook, for a cluster where nobody serves that webhook. */
export function withoutConversion(
  manifest: CustomResourceDefinitionManifest,
): CustomResourceDefinitionManifest {
  if (manifest.spec.conversion === undefined) return manifest;
  return { ...manifest, spec: { ...manifest.spec, conversion: { strategy: "None" } } };
}

/** Faults of a list that has to hold certain definitions, by name. */
export function faultsInDefinitions(
  propertyPath: string,
  manifests: readonly CustomResourceDefinitionManifest[],
  needed: readonly string[],
): Fault[] {
  const names = manifests.map(({ metadata }) => metadata.name);
  const missing = needed.filter((name) => !names.includes(name));
  const twice = [...new Set(names.filter((name, position) => names.indexOf(name) !== position))];
  return [
    ...missing.map((name) => ({
      propertyPath,
      reason: `lacks ${name}; take all definitions of the upstream release that the images are from`,
    })),
    ...twice.map((name) => ({ propertyPath, reason: `holds ${name} twice; leave one` })),
  ];
}

/** Creates the definitions, each under `<name>-<definition>`. */
export function createDefinitions(
  name: string,
  manifests: readonly CustomResourceDefinitionManifest[],
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.v1.CustomResourceDefinition[] {
  return manifests.map(
    (manifest) =>
      new k8s.apiextensions.v1.CustomResourceDefinition(
        `${name}-${manifest.metadata.name}`,
        definitionArgs(manifest),
        opts,
      ),
  );
}
