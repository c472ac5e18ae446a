import * as pulumi from "@pulumi/pulumi";

import type { Vantage } from "../../net/vantage.ts";
import type { ProbeRequest } from "../../probe/request.ts";
import type { Verdict } from "../../probe/verdict.ts";
import type { Fault } from "../../messages/faults.ts";
import type { ClusterAccess } from "../cluster/access.ts";
import type { Endpoint } from "../shared/endpoint.ts";
import { rejectFaults } from "../shared/faults.ts";
import { HttpCheck } from "./httpCheck.ts";
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
  /** The cluster that the endpoints are in. */
  readonly cluster: Pick<ClusterAccess, "kubeconfigPath" | "context" | "uid">;
}

/**
 * Proves every endpoint from the client's side. A stack output comes from here, so it exists only
 * after a client on another network has reached the address.
 *
 * @example
 * const { endpoints, path } = network;
 * new Verification("verification", { endpoints, path, client: settings.client, cluster });
 */
export class Verification extends pulumi.ComponentResource {
  /** URL of each HTTP endpoint, by endpoint name. Resolves once all are proved. */
  readonly urls: pulumi.Output<Record<string, string>>;
  /** Address of each endpoint, by endpoint name. Resolves once all are proved. */
  readonly addresses: pulumi.Output<Record<string, string>>;
  /** The probe's requests, in the order of the endpoints. Resolves once all are proved. */
  readonly requests: pulumi.Output<ProbeRequest[]>;
  /** The probe's verdicts, in the order of the endpoints. Resolves once all are proved. */
  readonly verdicts: pulumi.Output<Verdict[]>;

  constructor(name: string, args: VerificationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:verification:Verification", name, {}, opts);
    const { endpoints, path, client, cluster } = args;
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

    this.urls = pulumi.all(proofs.flatMap(({ url }) => url)).apply(byName);
    this.addresses = pulumi.all(proofs.map(({ address }) => address)).apply(byName);
    this.requests = pulumi.all(proofs.map(({ check }) => check.request));
    this.verdicts = pulumi.all(proofs.map(({ check }) => check.verdict));
    this.registerOutputs({ urls: this.urls, addresses: this.addresses });
  }
}

const byName = (pairs: readonly (readonly [string, string])[]): Record<string, string> =>
  Object.fromEntries(pairs);

/** Faults of endpoints that share a name. Outputs and resources are named after endpoints. */
function faultsInEndpoints(endpoints: readonly Endpoint[]): Fault[] {
  const names = endpoints.map(({ name }) => name);
  return names.flatMap((name, position) =>
    names.indexOf(name) === position
      ? []
      : [
          {
            propertyPath: `endpoints[${position}].name`,
            reason: `"${name}" is taken by an earlier endpoint; choose another name`,
          },
        ],
  );
}
