/** Creates in a cloud that a killed run left unfinished. */
import { z } from "zod";

import { UserError } from "../../messages/errors.ts";

const pendingSchema = z.object({
  deployment: z.object({
    pending_operations: z
      .array(
        z.object({
          type: z.string(),
          resource: z.object({
            urn: z.string(),
            inputs: z.record(z.string(), z.unknown()).default({}),
          }),
        }),
      )
      .nullish(),
  }),
});

/** Ids by which the provider finds a resource. Capitals stand for what the state does not show. */
const ids: Readonly<Record<string, string>> = {
  "gcp:compute/network:Network": "{name}",
  "gcp:compute/firewall:Firewall": "{name}",
  "gcp:compute/subnetwork:Subnetwork": "{region}/{name}",
  "gcp:compute/router:Router": "{region}/{name}",
  "gcp:compute/routerNat:RouterNat": "{region}/{router}/{name}",
  "gcp:compute/address:Address": "{region}/{name}",
  "gcp:container/cluster:Cluster": "{location}/{name}",
  "gcp:container/nodePool:NodePool": "{location}/{cluster}/{name}",
  "gcp:serviceaccount/account:Account":
    "projects/{project}/serviceAccounts/{accountId}@{project}.iam.gserviceaccount.com",
};

/** A role is granted twice without an error. */
const repeatable = new Set(["gcp:projects/iAMMember:IAMMember"]);

/**
 * Refuses to forget a resource that Google bills and that a second create refuses.
 *
 * @throws {UserError} with the command that adopts each unfinished resource
 */
export function assertNothingBegunInCloud(exported: unknown, stackName: string): void {
  const begun = (pendingSchema.parse(exported).deployment.pending_operations ?? [])
    .filter(({ type }) => type === "creating" || type === "importing")
    .map(({ resource: { urn, inputs } }) => ({ urn, inputs, type: typeOf(urn) }))
    .filter(({ type }) => type.startsWith("gcp:") && !repeatable.has(type));
  if (begun.length === 0) return;
  const pulumi = `npm run shell -- --stack ${stackName} -- pulumi refresh --stack ${stackName} --yes`;
  const adopt = "--import-pending-creates";
  const lines = begun.map(({ urn, inputs, type }) => {
    const id = (ids[type] ?? "{name}").replaceAll(/\{(\w+)\}/g, (_, key: string) => {
      const value = inputs[key];
      return typeof value === "string" ? value : key.toUpperCase();
    });
    return `  ${type} ${nameOf(urn)}: ${pulumi} ${adopt} '${urn}' ${adopt} ${id}`;
  });
  throw new UserError(
    `an earlier run was killed while Google Cloud created the following, which may exist and be billed\n${lines.join("\n")}`,
    `run the line of each one that exists in the console, then \`${pulumi} --clear-pending-creates\`, then run this again`,
  );
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** A URN has the types of all parents before the resource's. */
const typeOf = (urn: string): string => urn.split("::").at(-2)?.split("$").at(-1) ?? "";
