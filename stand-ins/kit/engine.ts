import { credentials } from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";

import type { Severity } from "./provider.ts";

/** The way back to the engine: lines for the person who waits. */
export class Engine {
  #client: EngineClient | undefined;

  /** Opens the connection; an empty address leaves the engine unreachable and all lines unsaid. */
  connect(address: string): void {
    if (address !== "") {
      this.#client = new engineService.EngineClient(address, credentials.createInsecure());
    }
  }

  /** Says something at a resource's line; an ephemeral line is replaced by the next one. */
  say(urn: string, severity: Severity, message: string, ephemeral: boolean): void {
    const severities = engineMessages.LogSeverity;
    const request = new engineMessages.LogRequest();
    request.setSeverity(
      {
        debug: severities.DEBUG,
        info: severities.INFO,
        warning: severities.WARNING,
        error: severities.ERROR,
      }[severity],
    );
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    // A line that is lost must not fail the operation that it tells about.
    this.#client?.log(request, () => undefined);
  }
}
