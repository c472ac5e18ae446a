/** Every key below `provenet:`, in the order of the stages. */
import type { z } from "zod";

import { appsSchema } from "./apps.ts";
import { clientSchema } from "./client.ts";
import { clusterSchema } from "./cluster.ts";
import { imagesSchema } from "./images.ts";
import { networkSchema } from "./network.ts";

/** The schema of each key. */
export const schemas = {
  cluster: clusterSchema,
  network: networkSchema,
  apps: appsSchema,
  images: imagesSchema,
  client: clientSchema,
} as const;

/** A key below `provenet:`. */
export type Key = keyof typeof schemas;

/** The parsed values of all keys. */
export type Values = { [Name in Key]: z.output<(typeof schemas)[Name]> };
