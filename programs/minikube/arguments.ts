import { type MinikubeRequest, runsContainers } from "./request.ts";

/** The arguments of `minikube start`, which makes the first node. Settings of one machine come from MINIKUBE_ variables. */
export function startArguments(request: MinikubeRequest, isRoot: boolean): string[] {
  return [
    "start",
    `--profile=${request.profile}`,
    `--driver=${request.driver}`,
    `--container-runtime=${request.containerRuntime}`,
    `--kubernetes-version=${request.kubernetesVersion}`,
    `--memory=${request.memoryMiB}mb`,
    `--cpus=${request.cpus}`,
    "--cni=false",
    // Without it minikube configures podman's bridge network, and pods that start before Calico use it.
    "--network-plugin=cni",
    `--extra-config=kubeadm.pod-network-cidr=${request.podNetwork}`,
    `--extra-config=kube-proxy.mode=${request.kubeProxy.mode}`,
    `--service-cluster-ip-range=${request.serviceNetwork}`,
    ...(runsContainers(request.driver) ? [`--subnet=${request.nodeNetwork}`] : []),
    "--embed-certs",
    "--interactive=false",
    "--output=json",
    // Drivers with containers refuse root otherwise.
    ...(isRoot ? ["--force"] : []),
  ];
}
