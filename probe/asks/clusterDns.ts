/** Looks a Service up in a pod on every node. */
import { z } from "zod";

import type { KubernetesApi } from "../../kube/api.ts";
import { type NodeFacts, readNodes } from "../../kube/nodes.ts";
import type { PodAnswer } from "../../kube/exec.ts";
import { CouldNotAsk } from "../../messages/errors.ts";
import type { RequestOf } from "../request.ts";
import type { Outcome } from "../symptoms.ts";

/** What the pod on one node got. */
export interface NodeAnswer {
  readonly node: string;
  readonly symptom: "answer" | "no name" | "wrong answer" | "not asked";
  /** The answer in words. */
  readonly text: string;
  /** DNS servers in the pod's resolv.conf. */
  readonly servers: readonly string[];
}

const podSchema = z.object({
  metadata: z.object({ name: z.string(), deletionTimestamp: z.string().optional() }),
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(z.object({ name: z.string() })).min(1),
  }),
  status: z.object({
    conditions: z.array(z.object({ type: z.string(), status: z.string() })).optional(),
  }),
});

const podListSchema = z.object({ items: z.array(podSchema) });

const serviceSchema = z.object({
  spec: z.object({ clusterIP: z.string(), clusterIPs: z.array(z.string()).optional() }),
});

/** No pod with getent can run on the others. */
const runsLinux = ({ labels }: NodeFacts): boolean => labels["kubernetes.io/os"] === "linux";

/** getent's exit code for a name without an address, whether the server denied it or was silent. */
const notFound = 2;

/**
 * Asks once on every node that runs Linux. A node without a running pod counts as not asked.
 *
 * @param answered nodes that have the answer from an earlier attempt, and are not asked again
 */
export async function askOnEveryNode(
  { service, pods }: RequestOf<"cluster-dns">,
  api: KubernetesApi,
  timeoutSeconds: number,
  answered: ReadonlyMap<string, NodeAnswer> = new Map(),
): Promise<NodeAnswer[]> {
  const [nodes, found, wanted] = await Promise.all([
    readNodes(api),
    api.get(
      `/api/v1/namespaces/${encodeURIComponent(pods.namespace)}/pods?labelSelector=${encodeURIComponent(pods.selector)}`,
      podListSchema,
    ),
    api.get(
      `/api/v1/namespaces/${encodeURIComponent(service.namespace)}/services/${encodeURIComponent(service.name)}`,
      serviceSchema,
    ),
  ]);
  if (wanted === undefined) {
    throw new CouldNotAsk(`there is no Service ${service.namespace}/${service.name} to look up`);
  }
  const expected = wanted.spec.clusterIPs ?? [wanted.spec.clusterIP];
  const ready = (found?.items ?? []).filter(isReady);
  return Promise.all(
    nodes.filter(runsLinux).map(async ({ name: node }): Promise<NodeAnswer> => {
      const before = answered.get(node);
      if (before !== undefined) return before;
      const pod = ready.find(({ spec }) => spec.nodeName === node);
      const notAsked = (text: string): NodeAnswer => {
        return { node, symptom: "not asked", text, servers: [] };
      };
      if (pod === undefined) return notAsked(`no ready pod in ${pods.namespace}`);
      const run = (...command: string[]) =>
        api.run(
          {
            namespace: pods.namespace,
            pod: pod.metadata.name,
            container: pod.spec.containers[0]?.name ?? "",
            command,
          },
          timeoutSeconds,
        );
      try {
        const resolver = await run("cat", "/etc/resolv.conf");
        if (resolver.exitCode !== 0) return notAsked("/etc/resolv.conf could not be read");
        const { servers, domain } = parseResolver(resolver.stdout);
        // The dot at the end leaves the search list out.
        const name = `${service.name}.${service.namespace}.svc.${domain}.`;
        return { node, servers, ...judge(name, expected, await run("getent", "hosts", name)) };
      } catch (error) {
        if (!(error instanceof CouldNotAsk)) throw error;
        return notAsked(error.message);
      }
    }),
  );
}

function isReady({ metadata, status }: z.infer<typeof podSchema>): boolean {
  const { conditions = [] } = status;
  return (
    metadata.deletionTimestamp === undefined &&
    conditions.some((condition) => condition.type === "Ready" && condition.status === "True")
  );
}

/** The servers of a pod's resolv.conf, and the cluster's domain from its search list. */
export function parseResolver(text: string): { servers: string[]; domain: string } {
  const lines = text.split("\n").map((line) => line.trim().split(/\s+/));
  const servers = lines.flatMap(([key, server]) => (key === "nameserver" ? (server ?? []) : []));
  const searched = lines.findLast(([key]) => key === "search") ?? [];
  const services = searched.find((domain) => domain.startsWith("svc."));
  return { servers, domain: services?.slice("svc.".length) ?? "cluster.local" };
}

function judge(
  name: string,
  expected: readonly string[],
  { exitCode, stdout, stderr }: PodAnswer,
): Pick<NodeAnswer, "symptom" | "text"> {
  if (exitCode === undefined) return { symptom: "no name", text: `no answer in time for ${name}` };
  if (exitCode === notFound) return { symptom: "no name", text: `no address for ${name}` };
  if (exitCode !== 0) {
    return { symptom: "not asked", text: `getent failed (${exitCode}): ${stderr.trim()}` };
  }
  const addresses = stdout.split("\n").flatMap((line) => line.trim().split(/\s+/)[0] || []);
  const text = `${name} is ${addresses.join(", ")}`;
  if (addresses.some((address) => expected.includes(address))) return { symptom: "answer", text };
  return { symptom: "wrong answer", text: `${text} instead of ${expected.join(" or ")}` };
}

const verbs = {
  "no name": "get no answer",
  "wrong answer": "get a wrong answer",
  "not asked": "could not be asked",
} as const;

/** Combines the nodes' answers. A wrong or missing answer counts more than a node that was not asked. */
export function outcomeOf(answers: readonly NodeAnswer[]): Outcome {
  const evidence = answers.map(({ node, text }) => `${node}: ${text}`);
  const failures = (["no name", "wrong answer", "not asked"] as const).flatMap((symptom) => {
    const nodes = answers.filter((answer) => answer.symptom === symptom).map(({ node }) => node);
    return nodes.length === 0
      ? []
      : [{ symptom, text: `pods on ${list(nodes)} ${verbs[symptom]}` }];
  });
  const [first] = failures;
  if (answers.length === 0) {
    return { symptom: "not asked", text: "the cluster has no nodes", evidence };
  }
  if (first === undefined) {
    const nodes = list(answers.map(({ node }) => node));
    return { symptom: "answer", text: `pods on ${nodes} get the address`, evidence };
  }
  const text = failures.map((failure) => failure.text).join("; ");
  return { symptom: first.symptom, text, evidence };
}

/** `a`, `a and b`, `a, b and c`. */
export function list(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
