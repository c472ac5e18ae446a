import { asList, asText, at } from "../../../stand-ins/kit/values.ts";
import type { ControlPlane } from "./controlPlane.ts";
import { controlPlane } from "./fixture.ts";

/** Assigns an address to every LoadBalancer Service and Ingress. Nothing answers there. */
export function playLoadBalancer(
  prefix: string,
  { api }: Pick<ControlPlane, "api"> = controlPlane(),
): { stop: () => Promise<void> } {
  let playing = true;
  let next = 1;
  const give = async (list: string): Promise<void> => {
    for (const object of asList((await api.request({ method: "GET", path: list })).items)) {
      const asks = list.endsWith("ingresses") || at(object, "spec", "type") === "LoadBalancer";
      if (asks && at(object, "status", "loadBalancer", "ingress") === undefined) {
        const namespace = asText(at(object, "metadata", "namespace")) ?? "";
        const name = asText(at(object, "metadata", "name")) ?? "";
        const group = list.slice(0, list.lastIndexOf("/"));
        const plural = list.slice(list.lastIndexOf("/") + 1);
        await api.request({
          method: "PATCH",
          path: `${group}/namespaces/${namespace}/${plural}/${name}/status`,
          contentType: "application/merge-patch+json",
          body: { status: { loadBalancer: { ingress: [{ ip: `${prefix}${next++}` }] } } },
        });
      }
    }
  };
  const play = async () => {
    while (playing) {
      await give("/api/v1/services");
      await give("/apis/networking.k8s.io/v1/ingresses");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const played = play();
  return {
    stop: async () => {
      playing = false;
      await played;
    },
  };
}
