/** Values that several of these tests share. */
import { parseNetwork } from "../../../net/addresses.ts";
import { crdsOf } from "../../support/crds.ts";
import type { Recorded } from "../../support/recording.ts";

/** Arguments of Calico. */
export const calicoArgs = {
  images: { node: "node:1", cni: "cni:1", kubeControllers: "controllers:1" },
  crds: crdsOf("calico"),
  podNetwork: parseNetwork("10.244.0.0/16"),
};

/** Arguments of MetalLB. */
export const metalLbArgs = {
  images: { controller: "controller:1", speaker: "speaker:1" },
  crds: crdsOf("metallb"),
};

/** The value at a path of keys and positions; undefined where the path ends early. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? (inner as Record<string | number, unknown>)[key]
        : undefined,
    value,
  );
}

/** The pod template's spec of a workload. */
export function podSpec(workload: Recorded): unknown {
  return at(workload.inputs, "spec", "template", "spec");
}

/** Names and resources of all containers of all workloads, init containers too. */
export function containers(resources: readonly Recorded[]): { name: string; spec: unknown }[] {
  return resources.flatMap((resource) =>
    ["initContainers", "containers"].flatMap((list) => {
      const found = at(podSpec(resource), list);
      return (Array.isArray(found) ? found : []).map((spec: unknown) => ({
        name: String(at(spec, "name")),
        spec,
      }));
    }),
  );
}

/** Every rule that a Role or ClusterRole of the resources grants. */
export function rulesOf(resources: readonly Recorded[]): Record<string, string[]>[] {
  return resources
    .filter(({ type }) => /:(?:Cluster)?Role$/.test(type))
    .flatMap(({ inputs }) => inputs.rules as Record<string, string[]>[]);
}

/** Outputs of a Service or Ingress that has an address. */
export function withAddress({ type }: { readonly type: string }): Record<string, unknown> {
  return /:(?:Service|Ingress)$/.test(type)
    ? { status: { loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } } }
    : {};
}

/** The message of what the run throws. */
export async function failureOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("nothing failed");
}
