import { isUnknown } from "../kit/properties.ts";
import type { Difference } from "../kit/provider.ts";
import { asText, equal, type Properties } from "../kit/values.ts";
import { readKubeconfig } from "./kubeconfig.ts";

/** Arguments that select a cluster. */
const clusterPointers = ["kubeconfig", "context", "cluster"];

/**
 * Whether changed arguments select another cluster. All of its objects are replaced then.
 *
 * The `clusterIdentifier` decides. Without one, the cluster's entry in the kubeconfig decides.
 */
export function clusterChange(olds: Properties, news: Properties): Difference {
  const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
  const changed = [...keys].filter((key) => !equal(olds[key], news[key]));
  if (changed.length === 0) return { changed: false, replaces: [] };
  const before = asText(olds.clusterIdentifier);
  const after = asText(news.clusterIdentifier);
  if (before !== undefined && before === after) return { changed: true, replaces: [] };
  const identifier =
    before !== undefined && after !== undefined && before !== after ? ["clusterIdentifier"] : [];
  const unknown = clusterPointers.filter((key) => isUnknown(news[key])).slice(0, 1);
  if (unknown.length > 0) return { changed: true, replaces: [...identifier, ...unknown] };
  const pointers = isOther(olds, news)
    ? changed.filter((key) => clusterPointers.includes(key))
    : [];
  return { changed: true, replaces: [...identifier, ...pointers] };
}

function isOther(olds: Properties, news: Properties): boolean {
  const before = clusterOf(olds);
  const after = clusterOf(news);
  return before !== undefined && after !== undefined && !equal(before, after);
}

/** The cluster's entry, if the kubeconfig can be read. */
function clusterOf(settings: Properties): Properties | undefined {
  if (settings.kubeconfig === undefined || settings.kubeconfig === "") return undefined;
  try {
    return readKubeconfig({
      kubeconfig: settings.kubeconfig,
      context: asText(settings.context),
      cluster: asText(settings.cluster),
    }).cluster;
  } catch {
    return undefined;
  }
}
