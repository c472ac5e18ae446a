import { z } from "zod";

import { contains, parseAddress, parseBlock } from "../../net/addresses.ts";
import { openApi } from "../../kube/api.ts";
import { matches } from "../../kube/selector.ts";
import type { Finding } from "../model.ts";
import { type Observer, skipped, unknown } from "./context.ts";

const metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

const serviceSchema = z.object({
  metadata,
  spec: z.object({ type: z.string().optional(), clusterIP: z.string().optional() }),
  status: z
    .object({
      loadBalancer: z
        .object({ ingress: z.array(z.object({ ip: z.string().optional() })).optional() })
        .optional(),
    })
    .optional(),
});

const listOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item) });

const poolSchema = z.object({ metadata, spec: z.object({ addresses: z.array(z.string()) }) });

const selectorSchema = z.object({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(
      z.object({
        key: z.string(),
        operator: z.string(),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});

const advertisementSchema = z.object({
  metadata,
  spec: z
    .object({
      ipAddressPools: z.array(z.string()).optional(),
      ipAddressPoolSelectors: z.array(selectorSchema).optional(),
    })
    .optional(),
});

const eventSchema = z.object({ reason: z.string().optional(), message: z.string().optional() });

/** What the API knows about a Service's address. */
export interface AddressFacts {
  readonly target: string;
  readonly service: z.infer<typeof serviceSchema> | undefined;
  /** Undefined where MetalLB is not installed. */
  readonly pools: readonly z.infer<typeof poolSchema>[] | undefined;
  /** L2 and BGP advertisements alike. */
  readonly advertisements: readonly z.infer<typeof advertisementSchema>[];
  readonly events: readonly z.infer<typeof eventSchema>[];
}

/** Hop 9: whether the Service has the address, a pool contains it and an advertisement selects it. */
export const observeAddress: Observer = async ({ request, target, kubeconfig, pin }) => {
  const { service } = request;
  if (service === undefined) return skipped("the request names no Service");
  if (kubeconfig === undefined) {
    return unknown("no kubeconfig: set KUBECONFIG or give --kubeconfig");
  }
  const api = openApi(kubeconfig, { timeoutSeconds: 3, ...pin });
  const named = `/api/v1/namespaces/${encodeURIComponent(service.namespace)}`;
  const about = `involvedObject.kind=Service,involvedObject.name=${service.name},type=Warning`;
  const metallb = "/apis/metallb.io/v1beta1";
  const [object, pools, l2, bgp, events] = await Promise.all([
    api.get(`${named}/services/${encodeURIComponent(service.name)}`, serviceSchema),
    api.get(`${metallb}/ipaddresspools`, listOf(poolSchema)),
    api.get(`${metallb}/l2advertisements`, listOf(advertisementSchema)),
    api.get(`${metallb}/bgpadvertisements`, listOf(advertisementSchema)),
    api.get(`${named}/events?fieldSelector=${encodeURIComponent(about)}`, listOf(eventSchema)),
  ]);
  const advertisements = [...(l2?.items ?? []), ...(bgp?.items ?? [])];
  const facts = { target, service: object, pools: pools?.items, advertisements };
  const name = `${service.namespace}/${service.name}`;
  return judgeAddress(name, { ...facts, events: events?.items ?? [] });
};

/** Judges a Service's address by MetalLB's rules. */
export function judgeAddress(name: string, facts: AddressFacts): Finding {
  const { target, service, pools } = facts;
  const broken = (evidence: readonly string[], why: string, remedy: string): Finding => {
    return { state: "broken", evidence, why, remedy, counts: "always" };
  };
  if (service === undefined) {
    return broken([], `there is no Service ${name}`, "create it, or correct the name");
  }
  const type = service.spec.type ?? "ClusterIP";
  if (service.spec.clusterIP === target) {
    return { state: "ok", evidence: [`${target} is the cluster address of ${name}`] };
  }
  const given = (service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
  const evidence = [`Service ${name} of type ${type} has ${given.join(", ") || "no address"}`];
  if (type !== "LoadBalancer") {
    const why = `Service ${name} is of type ${type}, so it has no address outside`;
    return broken(evidence, why, "set its type to LoadBalancer");
  }
  if (given.length === 0) {
    const events = facts.events.map(({ reason, message }) => `${reason ?? ""}: ${message ?? ""}`);
    const said = events.at(-1);
    const why = `Service ${name} has no address yet${said === undefined ? "" : ` (${said})`}`;
    const remedy =
      "check that the load balancer's controller runs and that its pool has a free address for this Service";
    return broken([...evidence, ...events.slice(-3)], why, remedy);
  }
  if (!given.includes(target)) {
    const why = `Service ${name} has the address ${given.join(", ")}, not ${target}`;
    return broken(evidence, why, `use ${given[0] ?? ""}, or request ${target} by annotation`);
  }
  if (pools === undefined) {
    return { state: "ok", evidence: [...evidence, "MetalLB is not installed: no pools to read"] };
  }
  return judgePool(facts, pools, evidence, broken);
}

function judgePool(
  { target, advertisements }: AddressFacts,
  pools: NonNullable<AddressFacts["pools"]>,
  evidence: readonly string[],
  broken: (evidence: readonly string[], why: string, remedy: string) => Finding,
): Finding {
  const pool = pools.find(({ spec }) => spec.addresses.some((block) => holds(block, target)));
  if (pool === undefined) {
    const blocks = pools.map(
      ({ metadata, spec }) => `${metadata.name}: ${spec.addresses.join(", ")}`,
    );
    const seen = [...evidence, `pools: ${blocks.join("; ") || "none"}`];
    const remedy = "add the address to an IPAddressPool, or give the Service another address";
    return broken(seen, `no IPAddressPool contains ${target}`, remedy);
  }
  const { name } = pool.metadata;
  const seen = [...evidence, `pool ${name}: ${pool.spec.addresses.join(", ")}`];
  const by = advertisements.filter(
    (advertisement) =>
      advertisement.metadata.namespace === pool.metadata.namespace &&
      selects(advertisement, pool.metadata),
  );
  if (by.length === 0) {
    const why = `no L2Advertisement selects the pool ${name}, so no node answers ARP for ${target}`;
    const namespace = pool.metadata.namespace ?? "the namespace of MetalLB";
    const remedy = `create an L2Advertisement in ${namespace} with ipAddressPools: [${name}]`;
    return broken(seen, why, remedy);
  }
  const names = by.map(({ metadata }) => metadata.name).join(", ");
  return { state: "ok", evidence: [...seen, `advertised by ${names}`] };
}

function holds(block: string, address: string): boolean {
  try {
    return contains(parseBlock(block), parseAddress(address));
  } catch {
    return false;
  }
}

/** Two empty lists select every pool. Otherwise a name or a label selector must match. */
function selects(
  advertisement: z.infer<typeof advertisementSchema>,
  pool: z.infer<typeof metadata>,
): boolean {
  const { ipAddressPools = [], ipAddressPoolSelectors = [] } = advertisement.spec ?? {};
  if (ipAddressPools.length === 0 && ipAddressPoolSelectors.length === 0) return true;
  return (
    ipAddressPools.includes(pool.name) ||
    ipAddressPoolSelectors.some((selector) => matches(selector, pool.labels ?? {}))
  );
}
