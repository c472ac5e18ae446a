/**
 * Stand-in for `pulumi-resource-kubernetes` 4.34.2.
 *
 * Why: the official plugin comes as a binary download only; no package registry has it.
 *
 * What it does: typed resources, custom resources and `…Patch` resources with server-side apply, previews by
 * dry runs of the API server, autonaming, drift, replacements and waiting, with the same ids, diffs and state
 * as the official plugin, so that either goes on with the other's state.
 *
 * In what it is stricter: the API server must know every field; a workload whose containers give a bad sign
 * that does not pass (an image that cannot be pulled, a crash loop) fails after 12 to 20 seconds, not after ten
 * minutes; a definition is waited for.
 *
 * What it does not do, and refuses: Helm, Kustomize and YAML resources, functions, client-side apply, rendering
 * to files, lists, `replaceUnready`, kubeconfigs with credential programs or in several files. It checks inputs
 * against no schema of its own and warns of no deprecated version: the API server answers for itself.
 */
import { serveResourcePlugin } from "../kit/resourcePlugin.ts";
import { standInVersions } from "../versions.ts";
import { KubernetesProvider } from "./provider.ts";

serveResourcePlugin(new KubernetesProvider(standInVersions.kubernetes));
