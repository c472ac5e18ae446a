/** Every key below `provenet:`, in the order of the stages. */
import type { z } from "zod";

import { appsSchema, cloudAppsSchema } from "./apps.ts";
import { clientSchema } from "./client.ts";
import { clusterSchema, type ExistingSettings, type MinikubeSettings } from "./cluster.ts";
import type { gke } from "./gke.ts";
import { imagesSchema } from "./images.ts";
import { cloudNetworkSchema, networkSchema } from "./network.ts";

/** The schema of each key, for a cluster that MetalLB serves. */
export const schemas = {
  cluster: clusterSchema,
  network: networkSchema,
  apps: appsSchema,
  images: imagesSchema,
  client: clientSchema,
} as const;

/** The schema of each key, for a cluster in a cloud. */
export const cloudSchemas = {
  ...schemas,
  network: cloudNetworkSchema,
  apps: cloudAppsSchema,
} as const;

/** A key below `provenet:`. */
export type Key = keyof typeof schemas;

type Parsed<Schemas extends Record<Key, z.ZodType>> = {
  [Name in Key]: z.output<Schemas[Name]>;
};

/** The parsed values of all keys, in the form that has every key. */
export type FullValues = Parsed<typeof schemas>;

/** The parsed values for a cluster that MetalLB serves. */
export type HomeValues = FullValues & { readonly cluster: MinikubeSettings | ExistingSettings };

/** The parsed values for a cluster in a cloud. Pools and routes mean nothing there. */
export type CloudValues = Parsed<typeof cloudSchemas> & {
  readonly cluster: z.output<typeof gke>;
};

/** The parsed values of all keys. */
export type Values = HomeValues | CloudValues;
