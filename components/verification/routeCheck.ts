import * as pulumi from "@pulumi/pulumi";

import type { ProbeRequest } from "../../probe/request.ts";
import { type CheckArgs, commonFields, prove } from "./check.ts";

/** Arguments for {@link RouteCheck}. */
export interface RouteCheckArgs extends CheckArgs {
  /** Address that packets must get to. */
  readonly address: pulumi.Input<string>;
  /** TCP port that must be open there. */
  readonly port: pulumi.Input<number>;
}

/** Proves that packets reach an address: the route is looked up, it is pinged, a port opens. */
export class RouteCheck extends pulumi.ComponentResource {
  /** The address; resolves once it was reached. */
  readonly address: pulumi.Output<string>;
  /** The question that was answered rightly. */
  readonly request: pulumi.Output<ProbeRequest>;

  constructor(name: string, args: RouteCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:verification:RouteCheck", name, args, opts);
    const { address, port } = args;
    const request = pulumi.output({
      ask: "route" as const,
      ...commonFields(name, args),
      address,
      port,
    });
    const proof = prove(name, args, request, this);
    this.address = proof.once(address);
    this.request = proof.request;
    this.registerOutputs({ address: this.address, request: this.request });
  }
}
