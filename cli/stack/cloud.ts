import { UserError } from "../../messages/errors.ts";
import type { Decision } from "./lab.ts";

/**
 * Refuses to change a cloud with the lab's engine, before anything is built.
 *
 * @throws {UserError} when the stack is in Google Cloud and the official engine is not here
 */
export function assertReachesCloud(
  stackName: string,
  kind: string | undefined,
  { officialPulumi }: Pick<Decision, "officialPulumi">,
): void {
  if (kind !== "gke" || officialPulumi) return;
  throw new UserError(
    `${stackName} is in Google Cloud, which only Pulumi's official gcp plugin changes. provenet's stand-in only previews`,
    "install Pulumi, gcloud and gke-gcloud-auth-plugin, sign in with `gcloud auth login --update-adc`, then run this again. " +
      `\`npm run preview ${stackName}\` works without them`,
  );
}
