import { group, vantage } from "./values.ts";

/** Schema of `provenet:client`. */
export const clientSchema = group(
  {
    router: vantage("netns:/run/netns/router")
      .optional()
      .describe("The router between the client and the nodes. Proofs read its routes.")
      .meta({ fallback: "the machine's, else none" }),
  },
  "{ router: netns:/run/netns/router }",
)
  .prefault({})
  .describe("The client's side of the network.");
