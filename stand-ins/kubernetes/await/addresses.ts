import { asList, asMap, asText, at, type Properties } from "../../kit/values.ts";
import { identityOf } from "../objects.ts";
import { ready, waiting, type Readiness, type RuleMaker, type View } from "./condition.ts";

/** Endpoints that have not changed for this long are complete. */
export const settledMilliseconds = 10_000;

/** Numbers of ready and of pending endpoints of a Service. */
interface Endpoints {
  readonly ready: number;
  readonly pending: number;
}

/** Endpoints of a Service. Undefined while it has no EndpointSlice. */
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

/** A Service with a selector needs ready endpoints. A LoadBalancer Service also needs an address. */
const serviceRule: RuleMaker = (view) => {
  let settling = { seen: "", since: view.now() };
  return async (live): Promise<Readiness> => {
    const spec = asMap(live.spec);
    const type = asText(spec.type) ?? "ClusterIP";
    if (type === "LoadBalancer" && !hasAddress(live)) {
      return waiting("no load balancer has assigned an address");
    }
    const selects = Object.keys(asMap(spec.selector)).length > 0;
    if (!selects || type === "ExternalName" || spec.clusterIP === "None") return ready;
    const { namespace = "default", name } = identityOf(live);
    const endpoints = await endpointsOf(view, namespace, name);
    const seen = JSON.stringify(endpoints ?? null);
    if (seen !== settling.seen) settling = { seen, since: view.now() };
    if (endpoints && endpoints.pending > 0) {
      return waiting(`${endpoints.pending} of its Pods are not ready`);
    }
    // As with the official plugin, a Service without Pods becomes ready in the end.
    const settled = endpoints && view.now() - settling.since >= settledMilliseconds;
    return settled || (endpoints && endpoints.ready > 0)
      ? ready
      : waiting("it selects no Pods. Compare its selector with their labels");
  };
};

/** An Ingress needs an address. It also waits a short time for its Services. */
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
    return hasAddress(live)
      ? ready
      : waiting("no controller has assigned an address. Check its ingressClassName");
  };
};

/** Rules for kinds that have an address. */
export const addressRules: Readonly<Record<string, RuleMaker>> = {
  "/Service": serviceRule,
  "networking.k8s.io/Ingress": ingressRule,
};
