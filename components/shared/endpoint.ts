import type * as pulumi from "@pulumi/pulumi";

/** An answer that proves a TCP endpoint: the port accepts a connection. */
export interface TcpExpectation {
  readonly kind: "tcp";
  readonly port: number;
}

/** An answer that proves an HTTP endpoint on port 80. */
export interface HttpExpectation {
  readonly kind: "http";
  /**
   * Host name to request at the address. It does not have to resolve.
   * @default the address
   */
  readonly host?: string;
  /** @default "/" */
  readonly path?: string;
  /** @default 200 */
  readonly status?: number;
  /**
   * Text that the body contains.
   * @default any body
   */
  readonly body?: string;
}

/** What a stage or an application publishes. Verification proves it and makes it a stack output. */
export interface Endpoint {
  /** Name in stack outputs and verdicts, unique in the stack. */
  readonly name: string;
  /** Address that a client connects to. Resolves once the endpoint is expected to answer. */
  readonly address: pulumi.Input<string>;
  /**
   * Service that the address belongs to. The probe reads it to explain a failure.
   * @default none: the cluster's side of the path stays unknown
   */
  readonly service?: {
    readonly namespace: pulumi.Input<string>;
    readonly name: pulumi.Input<string>;
  };
  readonly expect: TcpExpectation | HttpExpectation;
  /**
   * Values whose change makes an old verdict stale, such as the image behind the address.
   * @default []
   */
  readonly staleWith?: readonly pulumi.Input<string | number>[];
}
