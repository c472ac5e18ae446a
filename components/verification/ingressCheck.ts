import * as pulumi from "@pulumi/pulumi";

import type { ProbeRequest } from "../../probe/request.ts";
import { type CheckArgs, commonFields, prove } from "./check.ts";

/** Arguments for {@link IngressCheck}. */
export interface IngressCheckArgs extends CheckArgs {
  /** Address of the ingress controller. */
  readonly address: pulumi.Input<string>;
  /** Host name to ask for; nothing has to resolve it. */
  readonly host: pulumi.Input<string>;
  /** Path to ask for. @default "/" */
  readonly path?: string;
  /** Status that proves it. @default 200 */
  readonly status?: number;
  /** Text that the page must contain. @default any */
  readonly body?: pulumi.Input<string>;
}

/** Proves that an ingress controller serves a host name over HTTP on its address. */
export class IngressCheck extends pulumi.ComponentResource {
  /** `http://<host><path>`; resolves once it answered at the controller's address. */
  readonly url: pulumi.Output<string>;
  /** The controller's address; resolves once it answered. */
  readonly address: pulumi.Output<string>;
  /** The question that was answered rightly. */
  readonly request: pulumi.Output<ProbeRequest>;

  constructor(name: string, args: IngressCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:verification:IngressCheck", name, args, opts);
    const { address, host, path = "/", status = 200, body } = args;
    const url = pulumi.interpolate`http://${host}${path}`;
    const request = pulumi.output({
      ask: "http" as const,
      ...commonFields(name, args),
      url,
      address,
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
