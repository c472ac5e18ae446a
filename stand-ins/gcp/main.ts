/**
 * Stand-in for `pulumi-resource-gcp` 9.37.0, for previews without an account.
 *
 * It checks every input against the types of the installed @pulumi/gcp and computes what a preview shows. It
 * refuses everything else. README.md lists what differs.
 */
import { serveResourcePlugin } from "../kit/resourcePlugin.ts";
import { standInVersions } from "../versions.ts";
import { GcpProvider } from "./provider.ts";

serveResourcePlugin(new GcpProvider(standInVersions.gcp));
