import * as k8s from "@pulumi/kubernetes";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type * as pulumi from "@pulumi/pulumi";

import { schemaExtensions } from "../../kube/schemaExtensions.ts";
import type { Fault } from "../../messages/faults.ts";

/** A CustomResourceDefinition as upstream publishes it. */
export interface CrdManifest {
  readonly apiVersion: "apiextensions.k8s.io/v1";
  readonly kind: "CustomResourceDefinition";
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly annotations?: Readonly<Record<string, string>> | undefined;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Kubernetes' key with dashes to the SDK's key with underscores. */
const sdkKeys = new Map<string, string>(
  schemaExtensions.map((key) => [key, key.replaceAll("-", "_")]),
);

/** The value with every schema extension under the SDK's key. */
export function toSdkKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSdkKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [sdkKeys.get(key) ?? key, toSdkKeys(inner)]),
  );
}

/** The manifest as the SDK's arguments, without what the API server writes (`status`, times). */
export function crdArgs({
  metadata: { name, labels, annotations },
  spec,
}: CrdManifest): k8s.apiextensions.v1.CustomResourceDefinitionArgs {
  return {
    metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
    // The API server validates the spec, which is passed on as upstream publishes it.
    spec: toSdkKeys(spec) as input.apiextensions.v1.CustomResourceDefinitionSpec,
  };
}

/** The manifest without its conversion webhook, for a cluster that does not run the webhook. */
export function withoutConversion(manifest: CrdManifest): CrdManifest {
  if (manifest.spec.conversion === undefined) return manifest;
  return { ...manifest, spec: { ...manifest.spec, conversion: { strategy: "None" } } };
}

/** Faults of a list of CRDs: a needed one is missing, or one is there twice. */
export function faultsInCrds(
  propertyPath: string,
  crds: readonly CrdManifest[],
  needed: readonly string[],
): Fault[] {
  const names = crds.map(({ metadata }) => metadata.name);
  const missing = needed.filter((name) => !names.includes(name));
  const repeated = new Set(names.filter((name, position) => names.indexOf(name) !== position));
  return [
    ...missing.map((name) => ({
      propertyPath,
      reason: `lacks ${name}; take all CRDs of the release that the images come from`,
    })),
    ...[...repeated].map((name) => ({ propertyPath, reason: `holds ${name} twice; remove one` })),
  ];
}

/** Creates the CRDs, each under `<name>-<CRD>`. */
export function createCrds(
  name: string,
  crds: readonly CrdManifest[],
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.v1.CustomResourceDefinition[] {
  return crds.map(
    (manifest) =>
      new k8s.apiextensions.v1.CustomResourceDefinition(
        `${name}-${manifest.metadata.name}`,
        crdArgs(manifest),
        opts,
      ),
  );
}
