import type { Part } from "../build/part.ts";
import { goProgram } from "../recipes/goProgram.ts";

/** Kubernetes in the lab. 1.35 and later refuse cgroup v1. */
export const kubernetesVersion = "v1.34.2";

/** Module of Calico's programs and CRDs. */
export const calico = "github.com/projectcalico/calico";
const ingressNginx = "k8s.io/ingress-nginx";

const kubernetesVariables = Object.fromEntries(
  ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((path) => [
    [`${path}.gitVersion`, kubernetesVersion],
    [`${path}.gitMajor`, "1"],
    [`${path}.gitMinor`, "34"],
    [`${path}.gitTreeState`, "clean"],
    [`${path}.gitCommit`, "0".repeat(40)],
    [`${path}.buildDate`, "2025-11-11T00:00:00Z"],
  ]),
);

/** Programs built from Go modules. */
export const programs: readonly Part[] = [
  // Built first, because the lane of Debian packages waits for it.
  goProgram("crictl", {
    version: "1.34.0",
    variables: { "sigs.k8s.io/cri-tools/pkg/version.Version": "1.34.0" },
    seconds: 155,
    megabytes: 30,
  }),
  goProgram("pulumi", {
    version: "3.259.0",
    variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.259.0" },
    seconds: 375,
    megabytes: 180,
  }),
  goProgram("kubernetes", {
    version: kubernetesVersion,
    variables: kubernetesVariables,
    seconds: 440,
    megabytes: 480,
  }),
  goProgram("minikube", {
    version: "1.38.1",
    packages: ["tool", "./storage-provisioner"],
    variables: {
      "k8s.io/minikube/pkg/version.version": "v1.38.1",
      "k8s.io/minikube/pkg/version.isoVersion": "v1.38.0",
      "k8s.io/minikube/pkg/version.storageProvisionerVersion": "v5",
    },
    seconds: 187,
    megabytes: 130,
  }),
  goProgram("etcd", { version: "3.6.5", packages: ["."], seconds: 17, megabytes: 25 }),
  goProgram("coredns", { version: "1.12.1", packages: ["."], seconds: 75, megabytes: 60 }),
  goProgram("pause", { version: "1", packages: ["."], seconds: 2, megabytes: 2 }),
  goProgram("calico", {
    version: "3.31.0",
    packages: [
      `${calico}/node/cmd/calico-node`,
      `${calico}/node/cmd/mountns`,
      `${calico}/cni-plugin/cmd/calico`,
      `${calico}/cni-plugin/cmd/install`,
      `${calico}/kube-controllers/cmd/kube-controllers`,
      `${calico}/kube-controllers/cmd/check-status`,
      `${calico}/kube-controllers/cmd/wrapper`,
      ...["ipam/host-local", "main/loopback", "meta/bandwidth", "meta/portmap", "meta/tuning"].map(
        (plugin) => `github.com/containernetworking/plugins/plugins/${plugin}`,
      ),
    ],
    variables: { [`${calico}/pkg/buildinfo.Version`]: "v3.31.0" },
    keep: [{ module: calico, from: "node/filesystem", to: "filesystem" }],
    seconds: 182,
    megabytes: 250,
  }),
  goProgram("metallb", { version: "0.16.1", seconds: 23, megabytes: 110 }),
  goProgram("ingress-nginx", {
    version: "1.11.0",
    variables: { [`${ingressNginx}/version.RELEASE`]: "v1.11.0" },
    keep: [{ module: ingressNginx, from: "rootfs/etc/nginx", to: "nginx" }],
    seconds: 15,
    megabytes: 60,
  }),
  // Plays nodes and pods in the engine tests.
  goProgram("kwok", {
    version: "0.7.0",
    keep: [{ module: "sigs.k8s.io/kwok", from: "kustomize/stage", to: "stages" }],
    seconds: 68,
    megabytes: 60,
  }),
];
