import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { nonRootPod, restrictedContainer } from "../kubernetes/securityContext.ts";

/** Arguments for {@link PodVantage}. */
export interface PodVantageArgs {
  /** Image with `cat`, `getent` and `sleep` that runs as user 101. */
  readonly image: pulumi.Input<string>;
}

/** Where the pods of a {@link PodVantage} are. */
export interface VantagePods {
  readonly namespace: string;
  readonly selector: string;
}

/**
 * An idle pod on every node with Linux, in which the probe runs commands. It is to pods what the client is to
 * users: the place that a request comes from. Its namespace is named like the component.
 *
 * @example
 * const vantage = new PodVantage("vantage", { image }, network.workloads);
 * new ClusterDnsCheck("check", { endpoint: "cluster-dns", pods: vantage.pods, cluster });
 */
export class PodVantage extends pulumi.ComponentResource {
  /** Resolves once the pods are created. A check repeats its request until they are ready. */
  readonly pods: pulumi.Output<VantagePods>;

  constructor(name: string, args: PodVantageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:verification:PodVantage", name, {}, opts);
    const parent = { parent: this };
    const labels = { "app.kubernetes.io/name": "vantage", "app.kubernetes.io/instance": name };
    const { metadata } = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name, labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
      parent,
    );
    const pods = new k8s.apps.v1.DaemonSet(
      `${name}-pods`,
      {
        metadata: { name: "vantage", namespace: metadata.name, labels },
        spec: {
          selector: { matchLabels: labels },
          updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "100%" } },
          template: { metadata: { labels }, spec: vantagePod(args.image) },
        },
      },
      parent,
    );
    const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    this.pods = pulumi
      .all([metadata.name, pods.id])
      .apply(([namespace]) => ({ namespace, selector: selector.join(",") }));
    this.registerOutputs({ pods: this.pods });
  }
}

function vantagePod(image: pulumi.Input<string>): k8s.types.input.core.v1.PodSpec {
  return {
    automountServiceAccountToken: false,
    // The process ignores SIGTERM, and has nothing to finish.
    terminationGracePeriodSeconds: 0,
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [{ operator: "Exists" }],
    securityContext: nonRootPod({ uid: 101, gid: 101 }),
    // A name without an answer fails within two seconds, so that it can be asked again.
    dnsConfig: {
      options: [
        { name: "timeout", value: "1" },
        { name: "attempts", value: "1" },
      ],
    },
    containers: [
      {
        name: "vantage",
        image,
        command: ["sleep", "infinity"],
        // A pod whose image has no getent is never ready. The hosts file answers, not the DNS.
        readinessProbe: {
          exec: { command: ["getent", "hosts", "localhost"] },
          periodSeconds: 15,
          timeoutSeconds: 5,
        },
        resources: { requests: { cpu: "1m", memory: "4Mi" } },
        securityContext: restrictedContainer(),
      },
    ],
  };
}
