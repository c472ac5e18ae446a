/**
 * Stand-in for `pulumi-resource-kubernetes` 4.34.2.
 *
 * It manages typed resources, custom resources and `…Patch` resources with server-side apply. Previews are dry
 * runs on the API server. Ids, names, diffs, replacements and state are those of the official plugin, and either
 * plugin continues with the other's state. README.md lists what is refused and what differs.
 */
import { serveResourcePlugin } from "../kit/resourcePlugin.ts";
import { standInVersions } from "../versions.ts";
import { KubernetesProvider } from "./provider.ts";

serveResourcePlugin(new KubernetesProvider(standInVersions.kubernetes));
