import * as pulumi from "@pulumi/pulumi";

import type { ProbeRequest } from "../../probe/request.ts";
import type { Verdict } from "../../probe/verdict.ts";
import type { HttpExpectation } from "../shared/endpoint.ts";
import { type CheckArgs, commonFields, runProbe } from "./check.ts";

/** Arguments for {@link HttpCheck}. */
export interface HttpCheckArgs extends CheckArgs, Omit<HttpExpectation, "kind"> {}

/**
 * Proves that an address answers HTTP on port 80, for a host name or for the address itself.
 *
 * @example
 * new HttpCheck("check", { endpoint: "web", address, host: "web.provenet.test", cluster });
 */
export class HttpCheck extends pulumi.ComponentResource {
  /** `http://<host or address><path>`. Resolves when the verdict does. */
  readonly url: pulumi.Output<string>;
  /** The probe's request. Resolves when the verdict does. */
  readonly request: pulumi.Output<ProbeRequest>;
  /** Resolves only if the expected page was returned. */
  readonly verdict: pulumi.Output<Verdict>;

  constructor(name: string, args: HttpCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:verification:HttpCheck", name, {}, opts);
    const { address, host, path = "/", status = 200, body } = args;
    const url = pulumi.output(address).apply((at) => `http://${host ?? urlHost(at)}${path}`);
    const request = pulumi.output({
      ask: "http" as const,
      ...commonFields(args),
      url,
      ...(host !== undefined && { address }),
      status,
      ...(body !== undefined && { body }),
    });
    const proof = runProbe(name, args, request, this);
    this.url = pulumi.all([url, proof.verdict]).apply(([proved]) => proved);
    this.request = proof.request;
    this.verdict = proof.verdict;
    this.registerOutputs({ url: this.url, verdict: this.verdict });
  }
}

/** An address as the host of a URL. IPv6 is in brackets. */
function urlHost(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
