import { asList, asMap, asText, at, type Properties } from "../../kit/values.ts";
import { identityOf } from "../objects.ts";
import { ready, waiting, type Readiness, type RuleMaker, type View } from "./condition.ts";

/** After this without a change the endpoints of a Service are taken to be all there are. */
export const settledMilliseconds = 10_000;

/** How many endpoints of a Service can be used, and how many not yet. */
interface Endpoints {
  readonly ready: number;
  readonly pending: number;
}

/** Reads the endpoints of a Service; undefined when it has none yet, not even an empty list. */
async function endpointsOf(
  { api }: View,
  namespace: string,
  service: string,
): Promise<Endpoints | undefined> {
  const labelSelector = `kubernetes.io/service-name=${service}`;
  const search = new URLSearchParams({ labelSelector }).toString();
  const path = `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices?${search}`;
  const slices = asList((await api.request({ method: "GET", path })).items);
  const endpoints = slices.flatMap((slice) => asList(at(slice, "endpoints")));
  const usable = endpoints.filter((endpoint) => at(endpoint, "conditions", "ready") !== false);
  return slices.length === 0
    ? undefined
    : { ready: usable.length, pending: endpoints.length - usable.length };
}

function hasAddress(live: Properties): boolean {
  return asList(at(live, "status", "loadBalancer", "ingress")).length > 0;
}

/** A Service that selects pods needs endpoints that are ready; one for the outside needs an address as well. */
const serviceRule: RuleMaker = (view) => {
  let settling = { seen: "", since: view.now() };
  return async (live): Promise<Readiness> => {
    const spec = asMap(live.spec);
    const type = asText(spec.type) ?? "ClusterIP";
    if (type === "LoadBalancer" && !hasAddress(live)) {
      return waiting("no load balancer has given it an address");
    }
    const selects = Object.keys(asMap(spec.selector)).length > 0;
    if (!selects || type === "ExternalName" || spec.clusterIP === "None") return ready;
    const { namespace = "default", name } = identityOf(live);
    const endpoints = await endpointsOf(view, namespace, name);
    const seen = JSON.stringify(endpoints ?? null);
    if (seen !== settling.seen) settling = { seen, since: view.now() };
    if (endpoints && endpoints.pending > 0) {
      return waiting(`${endpoints.pending} of the Pods that it selects are not ready`);
    }
    // As upstream, a selector that nothing fits is let pass in the end: the Pods may come later.
    const settled = endpoints && view.now() - settling.since >= settledMilliseconds;
    return settled || (endpoints && endpoints.ready > 0)
      ? ready
      : waiting("it selects no Pods: do its selector and their labels agree?");
  };
};

/** An Ingress needs an address, and for a while the Services that it names. */
const ingressRule: RuleMaker = (view) => {
  const since = view.now();
  return async (live): Promise<Readiness> => {
    const { namespace = "default" } = identityOf(live);
    const paths = asList(at(live, "spec", "rules")).flatMap((rule) =>
      asList(at(rule, "http", "paths")),
    );
    const services = paths.flatMap((path) => asText(at(path, "backend", "service", "name")) ?? []);
    if (view.now() - since < settledMilliseconds) {
      for (const service of new Set(services)) {
        if ((await endpointsOf(view, namespace, service)) === undefined) {
          return waiting(`the Service ${service} has no endpoints`);
        }
      }
    }
    return hasAddress(live) ? ready : waiting("no address: does a controller serve its class?");
  };
};

/** Rules for kinds that have an address. */
export const addressRules: Readonly<Record<string, RuleMaker>> = {
  "/Service": serviceRule,
  "networking.k8s.io/Ingress": ingressRule,
};
