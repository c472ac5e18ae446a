import type { z } from "zod";

import type { Images } from "../images.ts";
import { group, integer, label, pattern } from "./values.ts";

const web = group(
  {
    pool: label("home").describe("Pool that the application's own address comes from."),
    host: pattern(
      /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
      "a host name in lowercase letters with a dot",
      "web.provenet.test",
    ).describe("Host name under which the ingress controller serves the application."),
    replicas: integer(1, 100, 2).default(2).describe("Number of pods."),
  },
  "{ pool: home, host: web.provenet.test, replicas: 2 }",
).describe("The web application.");

/** Schema of `provenet:apps`: one optional key for each application. */
export const appsSchema = group(
  { web: web.optional() },
  "{ web: { pool: home, host: web.provenet.test } }",
)
  .prefault({})
  .describe("Applications. One that is left out does not run.");

/** What each application takes. One that is left out is undefined. */
export function assembleApps(
  { web }: z.output<typeof appsSchema>,
  images: Images,
  ingressClassName: string,
) {
  return {
    ...(web && { web: { image: images.web, ...web, ingressClassName } }),
  };
}
