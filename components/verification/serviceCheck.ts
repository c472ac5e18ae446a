import * as pulumi from "@pulumi/pulumi";

import type { ProbeRequest } from "../../probe/request.ts";
import { type CheckArgs, commonFields, prove } from "./check.ts";

/** Arguments for {@link ServiceCheck}. */
export interface ServiceCheckArgs extends CheckArgs {
  /** Load balancer address of the Service. */
  readonly address: pulumi.Input<string>;
  /** Status that proves it. @default 200 */
  readonly status?: number;
  /** Text that the page must contain. @default any */
  readonly body?: pulumi.Input<string>;
}

/** Proves that a Service answers HTTP on its load balancer address, port 80. */
export class ServiceCheck extends pulumi.ComponentResource {
  /** `http://<address>/`; resolves once it answered. */
  readonly url: pulumi.Output<string>;
  /** The address; resolves once it answered. */
  readonly address: pulumi.Output<string>;
  /** The question that was answered rightly. */
  readonly request: pulumi.Output<ProbeRequest>;

  constructor(name: string, args: ServiceCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:verification:ServiceCheck", name, args, opts);
    const { address, status = 200, body } = args;
    const url = pulumi.output(address).apply(httpUrl);
    const request = pulumi.output({
      ask: "http" as const,
      ...commonFields(name, args),
      url,
      status,
      ...(body !== undefined && { body }),
    });
    const proof = prove(name, args, request, this);
    this.url = proof.once(url);
    this.address = proof.once(address);
    this.request = proof.request;
    this.registerOutputs({ url: this.url, address: this.address, request: this.request });
  }
}

/** The URL of an address' root; an IPv6 address stands in brackets. */
export function httpUrl(address: string): string {
  return address.includes(":") ? `http://[${address}]/` : `http://${address}/`;
}
