import * as pulumi from "@pulumi/pulumi";

import type { ProbeRequest } from "../../probe/request.ts";
import type { Verdict } from "../../probe/verdict.ts";
import { type CheckArgs, commonFields, runProbe } from "./check.ts";

/** Arguments for {@link RouteCheck}. */
export interface RouteCheckArgs extends CheckArgs {
  /** TCP port that must accept a connection. */
  readonly port: number;
}

/**
 * Proves that packets reach an address. The probe looks the route up, pings the address and opens the
 * port.
 *
 * @example
 * new RouteCheck("check", { endpoint: "web-tcp", address, port: 80, cluster });
 */
export class RouteCheck extends pulumi.ComponentResource {
  /** The probe's request. Resolves when the verdict does. */
  readonly request: pulumi.Output<ProbeRequest>;
  /** Resolves only if the address was reached. */
  readonly verdict: pulumi.Output<Verdict>;

  constructor(name: string, args: RouteCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:verification:RouteCheck", name, {}, opts);
    const { address, port } = args;
    const request = pulumi.output({ ask: "route" as const, ...commonFields(args), address, port });
    const proof = runProbe(name, args, request, this);
    this.request = proof.request;
    this.verdict = proof.verdict;
    this.registerOutputs({ verdict: this.verdict });
  }
}
