/** The commands by which a person brings the same network up without Pulumi. */
import type { MinikubeRequest } from "../../../programs/minikube/request.ts";
import { startArguments } from "../../../programs/minikube/arguments.ts";
import type { KubernetesObject } from "./objects.ts";

/** One command of the script. */
export interface Step {
  /** What the report calls it. Steps of one name are added up. */
  readonly name: "minikube start" | "kubectl apply" | "kubectl wait";
  readonly argv: readonly string[];
  readonly input?: string;
}

const patience = "--timeout=600s";

/**
 * The script for a cluster and its objects. CRDs are applied first, because kubectl refuses an
 * object whose CRD the API server does not serve yet. The other objects keep their order.
 */
export function scriptFor(
  request: MinikubeRequest,
  objects: readonly KubernetesObject[],
  isRoot: boolean,
): Step[] {
  const crds = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
  const others = objects.filter((object) => !crds.includes(object));
  return [
    {
      name: "minikube start",
      argv: ["minikube", ...startArguments(request, isRoot), `--nodes=${request.nodes}`],
    },
    apply(crds),
    wait("--for=condition=Established", "crd", "--all"),
    apply(others),
    ...others.flatMap(waitsFor),
  ];
}

function apply(items: readonly KubernetesObject[]): Step {
  const argv = ["kubectl", "apply", "--server-side", "--force-conflicts", "--filename", "-"];
  return {
    name: "kubectl apply",
    argv,
    input: JSON.stringify({ apiVersion: "v1", kind: "List", items }),
  };
}

function wait(...args: readonly string[]): Step {
  return { name: "kubectl wait", argv: ["kubectl", "wait", ...args, patience] };
}

function waitsFor({ kind, metadata, spec }: KubernetesObject): Step[] {
  const { name, namespace = "default" } = metadata;
  const object = [`${kind.toLowerCase()}/${name}`, `--namespace=${namespace}`];
  if (kind === "Deployment") return [wait("--for=condition=Available", ...object)];
  if (kind === "DaemonSet") {
    return [{ name: "kubectl wait", argv: ["kubectl", "rollout", "status", ...object, patience] }];
  }
  if (kind === "Service" && spec?.type === "LoadBalancer") {
    return [wait("--for=jsonpath={.status.loadBalancer.ingress}", ...object)];
  }
  return [];
}
