import { kernelLacks } from "../../../kube/kernel.ts";
import type { Fault } from "../../../messages/faults.ts";
import { runsContainers } from "../../../programs/minikube/request.ts";
import type { Machine } from "../machine.ts";
import type { ReadableValues } from "./placed.ts";

/** The first minor version of Kubernetes 1 in which Calico supports nftables mode. */
const nftablesSince = 31;

/** Faults of kube-proxy's mode: the nodes' kernel or the version of Kubernetes does not support it. */
export function faultsOfKernel(
  cluster: ReadableValues["cluster"],
  { containerKernel, virtualKernel }: Machine,
): Fault[] {
  if (cluster?.kind !== "minikube") return [];
  const { driver, kubernetesVersion } = cluster;
  const mode = cluster.kubeProxy?.mode ?? "iptables";
  const found = { "kubeProxy.mode": mode, driver: driver ?? "" };
  const findings =
    driver === undefined ? undefined : runsContainers(driver) ? containerKernel : virtualKernel;
  const faults = kernelLacks(mode, findings).map(({ key, why, instead }) => ({
    propertyPath: `provenet:cluster.${key}`,
    reason: `"${found[key]}": ${why}; ${instead}`,
  }));
  const minor = Number(/^v1\.(\d+)/.exec(kubernetesVersion ?? "")?.[1] ?? nftablesSince);
  if (mode === "nftables" && minor < nftablesSince) {
    const reason = `"nftables" needs Kubernetes 1.${nftablesSince} or later, and kubernetesVersion is ${kubernetesVersion ?? ""}; write iptables, or a later version`;
    faults.push({ propertyPath: "provenet:cluster.kubeProxy.mode", reason });
  }
  return faults;
}
