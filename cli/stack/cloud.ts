import { UserError } from "../../messages/errors.ts";
import { type Decision, onPath } from "./lab.ts";

const plugin = "gke-gcloud-auth-plugin";

/**
 * Refuses to change a cloud with the lab's engine, before anything is built.
 *
 * @throws {UserError} when the stack is in Google Cloud, and the official engine or the program that
 *   signs in to the cluster is not here
 */
export function assertReachesCloud(
  stackName: string,
  kind: string | undefined,
  { officialPulumi }: Pick<Decision, "officialPulumi">,
  path = process.env.PATH ?? "",
): void {
  if (kind !== "gke") return;
  if (officialPulumi && onPath(plugin, path) !== undefined) return;
  if (officialPulumi) {
    throw new UserError(
      `${plugin} is not on PATH, and nothing reaches a cluster in Google Cloud without it`,
      `install it (\`gcloud components install ${plugin}\`), then run this again`,
    );
  }
  throw new UserError(
    `${stackName} is in Google Cloud, which only Pulumi's official gcp plugin changes. provenet's stand-in only previews`,
    "install Pulumi, gcloud and gke-gcloud-auth-plugin, sign in with `gcloud auth login --update-adc`, then run this again. " +
      `\`npm run preview ${stackName}\` works without them`,
  );
}
