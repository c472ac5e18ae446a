import * as pulumi from "@pulumi/pulumi";

import type { NodeFacts } from "../../kube/nodes.ts";
import type { Vantage } from "../../net/vantage.ts";
import type { ProbeRequest } from "../../probe/request.ts";
import type { Verdict } from "../../probe/verdict.ts";
import type { Fault } from "../../messages/faults.ts";
import type { ClusterAccess } from "../cluster/access.ts";
import type { Endpoint } from "../shared/endpoint.ts";
import { rejectFaults } from "../shared/faults.ts";
import { ClusterDnsCheck } from "./clusterDnsCheck.ts";
import { HttpCheck } from "./httpCheck.ts";
import { PodVantage, type PodVantageArgs } from "./podVantage.ts";
import { RouteCheck } from "./routeCheck.ts";

/** Arguments for {@link Verification}. */
export interface VerificationArgs {
  /** What is proved, one check for each. */
  readonly endpoints: readonly Endpoint[];
  /** What all paths depend on. The checks run after it, and again when it changes. */
  readonly path: pulumi.Input<readonly string[]>;
  /** Where the requests are sent from. */
  readonly client: {
    /** The router between client and cluster. @default none */
    readonly router?: Vantage | undefined;
  };
  /** The pods on every node that ask the cluster's DNS. */
  readonly vantage: PodVantageArgs;
  /** The cluster that the endpoints are in. */
  readonly cluster: Pick<ClusterAccess, "kubeconfigPath" | "context" | "uid" | "nodes">;
  /** Options for components with pods, as {@link Network.workloads}. */
  readonly workloads: pulumi.ComponentResourceOptions;
}

/**
 * Proves every endpoint from the client's side, and the cluster's DNS from a pod on every node. A
 * stack output comes from here, so it exists only after a client on another network has reached the
 * address.
 *
 * @example
 * const { client, vantage } = settings;
 * const { path, workloads } = network;
 * new Verification("verification", { endpoints, path, client, vantage, cluster, workloads });
 */
export class Verification extends pulumi.ComponentResource {
  /** URL of each HTTP endpoint, by endpoint name. Resolves once all are proved. */
  readonly urls: pulumi.Output<Record<string, string>>;
  /** Address of each endpoint, by endpoint name. Resolves once all are proved. */
  readonly addresses: pulumi.Output<Record<string, string>>;
  /**
   * The probe's requests, in the order of the endpoints. The cluster's DNS is last. Resolves once all
   * are proved.
   */
  readonly requests: pulumi.Output<ProbeRequest[]>;
  /** The probe's verdicts, in the order of the requests. Resolves once all are proved. */
  readonly verdicts: pulumi.Output<Verdict[]>;

  constructor(name: string, args: VerificationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:verification:Verification", name, {}, opts);
    const { endpoints, path, client, vantage, cluster, workloads } = args;
    rejectFaults(this, faultsInEndpoints(endpoints));

    const proofs = endpoints.map(({ name: endpoint, expect, staleWith = [], ...target }) => {
      const common = {
        ...target,
        endpoint,
        cluster,
        router: client.router,
        staleWith: [cluster.uid, path, ...staleWith],
      };
      const check =
        expect.kind === "tcp"
          ? new RouteCheck(`${name}-${endpoint}`, { ...common, ...expect }, { parent: this })
          : new HttpCheck(`${name}-${endpoint}`, { ...common, ...expect }, { parent: this });
      const named = (value: pulumi.Input<string>) =>
        pulumi.output(value).apply((known) => [endpoint, known] as const);
      return {
        check,
        address: pulumi.all([named(target.address), check.verdict]).apply(([pair]) => pair),
        url: "url" in check ? [named(check.url)] : [],
      };
    });

    const { pods } = new PodVantage(`${name}-vantage`, vantage, { parent: this, ...workloads });
    const dns = new ClusterDnsCheck(
      `${name}-${clusterDns}`,
      {
        endpoint: clusterDns,
        pods,
        cluster,
        // A node that joins later has not been asked.
        staleWith: [cluster.uid, path, cluster.nodes.apply(namesOf), vantage.image],
      },
      { parent: this },
    );

    const checks = [...proofs.map(({ check }) => check), dns];
    this.urls = pulumi.all(proofs.flatMap(({ url }) => url)).apply(byName);
    this.addresses = pulumi.all(proofs.map(({ address }) => address)).apply(byName);
    this.requests = pulumi.all(checks.map(({ request }) => request));
    this.verdicts = pulumi.all(checks.map(({ verdict }) => verdict));
    this.registerOutputs({ urls: this.urls, addresses: this.addresses });
  }
}

/** Name of the request that no endpoint is behind. */
const clusterDns = "cluster-dns";

const namesOf = (nodes: readonly NodeFacts[]): string[] => nodes.map(({ name }) => name);

const byName = (pairs: readonly (readonly [string, string])[]): Record<string, string> =>
  Object.fromEntries(pairs);

/** Faults of endpoints that share a name. Outputs and resources are named after endpoints. */
function faultsInEndpoints(endpoints: readonly Endpoint[]): Fault[] {
  const names = endpoints.map(({ name }) => name);
  return names.flatMap((name, position) =>
    names.indexOf(name) === position && name !== clusterDns
      ? []
      : [
          {
            propertyPath: `endpoints[${position}].name`,
            reason: `"${name}" is taken by another check; choose another name`,
          },
        ],
  );
}
