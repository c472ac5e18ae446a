import type { z } from "zod";

import type { AddressSource } from "../../kubernetes/addresses.ts";
import type { Images } from "../images.ts";
import { cloudAssigns, group, integer, label, pattern } from "./values.ts";

/**
 * The keys of each application.
 *
 * @param place the key that says where an application's address comes from, and its flow form
 * @param hint what the fault of an unknown key adds
 */
const applications = <Place extends z.ZodRawShape>(place: Place, flow: string, hint?: string) => ({
  web: group(
    {
      ...place,
      host: pattern(
        /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
        "a host name in lowercase letters with a dot",
        "web.provenet.test",
      ).describe("Host name under which the ingress controller serves the application."),
      replicas: integer(1, 100, 2).default(2).describe("Number of pods."),
    },
    `{ ${flow}host: web.provenet.test, replicas: 2 }`,
    hint,
  )
    .describe("The web application.")
    .optional(),
});

const description = "Applications. One that is left out does not run.";

const pool = label("home").describe("Pool that the application's own address comes from.");

/** Schema of `provenet:apps`: one optional key for each application. */
export const appsSchema = group(
  applications({ pool }, "pool: home, "),
  "{ web: { pool: home, host: web.provenet.test } }",
)
  .prefault({})
  .describe(description);

/** Schema of `provenet:apps` in a cloud, which reserves an address for each application. */
export const cloudAppsSchema = group(
  applications({}, "", cloudAssigns),
  "{ web: { host: web.provenet.test } }",
)
  .prefault({})
  .describe(description);

/** What each application takes. One that is left out is undefined. */
export function assembleApps(
  { web }: z.output<typeof appsSchema> | z.output<typeof cloudAppsSchema>,
  images: Images,
  ingressClassName: string,
  addressOf: (service: string, place: Readonly<Record<string, unknown>>) => AddressSource,
) {
  return {
    ...(web && {
      web: { image: images.web, ...web, address: addressOf("web", web), ingressClassName },
    }),
  };
}
