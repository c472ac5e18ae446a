/** The hops of a DNS question that starts in pods. */
import { z } from "zod";

import type { KubernetesApi } from "../../kube/api.ts";
import { contains, parseAddress, parseBlock } from "../../net/addresses.ts";
import { list, type NodeAnswer } from "../asks/clusterDns.ts";
import type { Finding } from "../model.ts";
import { skipped, unknown } from "./context.ts";

/** What the API knows about the cluster's DNS server. */
export interface DnsServerFacts {
  /** Addresses of the Service. Undefined when there is none. */
  readonly addresses: readonly string[] | undefined;
  readonly endpoints: readonly {
    readonly address: string;
    readonly node: string;
    readonly ready: boolean;
  }[];
  /** Calico's blocks of pod addresses. Undefined when the cluster has none. */
  readonly blocks: readonly string[] | undefined;
}

/** The Service that every distribution gives its DNS server. */
const server = { namespace: "kube-system", name: "kube-dns", label: "k8s-app=kube-dns" } as const;

const serviceSchema = z.object({
  spec: z.object({ clusterIP: z.string(), clusterIPs: z.array(z.string()).optional() }),
});

const slicesSchema = z.object({
  items: z.array(
    z.object({
      endpoints: z
        .array(
          z.object({
            addresses: z.array(z.string()),
            nodeName: z.string().optional(),
            conditions: z.object({ ready: z.boolean().nullish() }).optional(),
          }),
        )
        .nullish(),
    }),
  ),
});

const blocksSchema = z.object({
  items: z.array(z.object({ spec: z.object({ cidr: z.string() }) })),
});

/** Reads the DNS server's Service, its endpoints and Calico's blocks. */
export async function readDnsServer(api: KubernetesApi): Promise<DnsServerFacts> {
  const { namespace, name } = server;
  const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
  const [service, endpoints, blocks] = await Promise.all([
    api.get(`/api/v1/namespaces/${namespace}/services/${name}`, serviceSchema),
    api.get(`${slices}?labelSelector=kubernetes.io%2Fservice-name%3D${name}`, slicesSchema),
    api.get("/apis/crd.projectcalico.org/v1/blockaffinities", blocksSchema).catch(() => undefined),
  ]);
  return {
    addresses: service && (service.spec.clusterIPs ?? [service.spec.clusterIP]),
    endpoints: (endpoints?.items ?? []).flatMap((slice) =>
      (slice.endpoints ?? []).flatMap(({ addresses, nodeName = "", conditions }) =>
        addresses.map((address) => ({
          address,
          node: nodeName,
          ready: conditions?.ready ?? true,
        })),
      ),
    ),
    blocks: blocks?.items.map(({ spec }) => spec.cidr),
  };
}

/** The findings by hop, and where to look. */
export interface Judgement {
  readonly findings: ReadonlyMap<number, Finding>;
  readonly remedy: string;
}

/** Judges the answers by what the API knows about the DNS server. */
export function judgeClusterDns(
  answers: readonly NodeAnswer[],
  facts: DnsServerFacts | undefined,
): Judgement {
  const byState = (symptom: NodeAnswer["symptom"]) =>
    answers.filter((answer) => answer.symptom === symptom).map(({ node }) => node);
  const failing = byState("no name");
  const working = byState("answer");
  const servers = new Set(facts?.endpoints.filter(({ ready }) => ready).map(({ node }) => node));
  const isRemote = working.length > 0 && failing.every((node) => !servers.has(node));
  const isLocal = working.length > 0 && failing.every((node) => servers.has(node));
  const possible = [
    11,
    ...(servers.size > 0 ? [] : [12]),
    14,
    ...(isLocal ? [] : [15]),
    16,
    ...(working.length > 0 ? [] : [17]),
    19,
  ];
  const findings = new Map<number, Finding>([
    [2, skipped("the question starts in a pod, so it does not pass the client and the router")],
    ...[3, 4, 5, 6, 7, 8, 9, 10, 13].map((hop) => [hop, skipped()] as const),
    [1, judgeName(answers, failing.length > 0 ? possible : [])],
    [11, judgeServers(answers, facts)],
    [12, judgeEndpoints(facts)],
    [15, judgeOverlay(failing, working, servers, facts)],
    [18, skipped("the answer to a DNS question is judged at hop 1")],
  ]);
  return { findings, remedy: remedyFor(failing, isRemote, servers) };
}

function judgeName(answers: readonly NodeAnswer[], narrowsTo: readonly number[]): Finding {
  const evidence = answers.map(({ node, text }) => `${node}: ${text}`);
  const wrong = answers.filter(({ symptom }) => symptom === "wrong answer");
  if (wrong.length > 0) {
    const nodes = list(wrong.map(({ node }) => node));
    return {
      ...{ state: "broken", evidence, counts: "always" },
      why: `the DNS server gives pods on ${nodes} a wrong address`,
      remedy: `look at the configuration of the DNS server: kubectl -n ${server.namespace} get configmap coredns -o yaml`,
    };
  }
  if (narrowsTo.length > 0) return { state: "unknown", evidence, narrowsTo };
  const isAnswered = answers.every(({ symptom }) => symptom === "answer");
  return { state: isAnswered ? "ok" : "unknown", evidence };
}

function judgeServers(answers: readonly NodeAnswer[], facts: DnsServerFacts | undefined): Finding {
  const named = [...new Set(answers.flatMap(({ servers }) => servers))];
  const service = `${server.namespace}/${server.name}`;
  const evidence = named.map((address) =>
    facts?.addresses?.includes(address) === true
      ? `the pods ask ${address}, the Service ${service}`
      : `the pods ask ${address}, which is not the Service ${service}`,
  );
  return unknown(...evidence);
}

function judgeEndpoints(facts: DnsServerFacts | undefined): Finding {
  if (facts?.addresses === undefined) {
    return unknown(`the Service ${server.namespace}/${server.name} could not be read`);
  }
  const evidence = facts.endpoints.map(
    ({ address, node, ready }) => `${address} on ${node}${ready ? "" : ", not ready"}`,
  );
  if (facts.endpoints.some(({ ready }) => ready)) return { state: "ok", evidence };
  return {
    ...{ state: "broken", evidence, counts: "always" },
    why: `the Service ${server.namespace}/${server.name} has no ready endpoint`,
    remedy: `look at the DNS server's pods: kubectl -n ${server.namespace} describe pods -l ${server.label}`,
  };
}

function judgeOverlay(
  failing: readonly string[],
  working: readonly string[],
  servers: ReadonlySet<string>,
  facts: DnsServerFacts | undefined,
): Finding {
  const { blocks, endpoints = [] } = facts ?? {};
  if (failing.length > 0 && blocks !== undefined && blocks.length > 0) {
    const outside = endpoints.filter(
      ({ address, ready }) => ready && !blocks.some((block) => holds(block, address)),
    );
    const [stray] = outside;
    if (stray !== undefined) {
      return {
        ...{
          state: "broken",
          evidence: [`Calico's blocks: ${blocks.join(", ")}`],
          counts: "always",
        },
        why: `the DNS server's address ${stray.address} on ${stray.node} is in no block of Calico, so other nodes have no route to it`,
        remedy: `recreate the pods, so that Calico gives them addresses: kubectl -n ${server.namespace} delete pods -l ${server.label}`,
      };
    }
  }
  const crossed = working.filter((node) => !servers.has(node));
  if (crossed.length > 0 && servers.size > 0) {
    const between = `${list(crossed)} to ${list([...servers])}`;
    if (failing.length === 0) return { state: "ok", evidence: [`answers passed from ${between}`] };
    return unknown(`answers passed from ${between}`);
  }
  return unknown();
}

function remedyFor(
  failing: readonly string[],
  isRemote: boolean,
  servers: ReadonlySet<string>,
): string {
  const log = `kubectl -n ${server.namespace} logs -l ${server.label}`;
  if (failing.length === 0) return "check that every node is Ready and runs its pod";
  if (!isRemote) {
    return `look at network policies, at kube-proxy on ${list(failing)}, and at the DNS server's log: ${log}`;
  }
  return `the DNS server on ${list([...servers])} answers others: look at network policies and firewall rules on ${list(failing)}, and at the tunnel between the nodes`;
}

function holds(block: string, address: string): boolean {
  try {
    return contains(parseBlock(block), parseAddress(address));
  } catch {
    return false;
  }
}
