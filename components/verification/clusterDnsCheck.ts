import * as pulumi from "@pulumi/pulumi";

import type { ProbeRequest } from "../../probe/request.ts";
import type { Verdict } from "../../probe/verdict.ts";
import { type CheckArgs, runProbe } from "./check.ts";
import type { VantagePods } from "./podVantage.ts";

/** Arguments for {@link ClusterDnsCheck}. */
export interface ClusterDnsCheckArgs extends Omit<CheckArgs, "address" | "service" | "router"> {
  /** Pods that ask. There is one on every node. */
  readonly pods: pulumi.Input<VantagePods>;
}

/** Every cluster has this Service. */
const apiServer = { namespace: "default", name: "kubernetes" };

/**
 * Proves that pods on every node get the API server's address from the cluster's DNS.
 *
 * @example
 * new ClusterDnsCheck("check", { endpoint: "cluster-dns", pods: vantage.pods, cluster });
 */
export class ClusterDnsCheck extends pulumi.ComponentResource {
  /** The probe's request. Resolves when the verdict does. */
  readonly request: pulumi.Output<ProbeRequest>;
  /** Resolves only if every node's pod got the address. */
  readonly verdict: pulumi.Output<Verdict>;

  constructor(name: string, args: ClusterDnsCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:verification:ClusterDnsCheck", name, {}, opts);
    // A node may have to pull the image of its pod first.
    const { endpoint, pods, deadlineSeconds = 90 } = args;
    const request = pulumi.output({
      ask: "cluster-dns" as const,
      name: endpoint,
      service: apiServer,
      pods,
    });
    const proof = runProbe(name, { ...args, deadlineSeconds }, request, this);
    this.request = proof.request;
    this.verdict = proof.verdict;
    this.registerOutputs({ verdict: this.verdict });
  }
}
