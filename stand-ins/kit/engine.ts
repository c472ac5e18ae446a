import { grpc } from "./protocol.ts";
import type { Severity } from "./provider.ts";
import { EngineClient, LogRequest, LogSeverity } from "./providerProtocol.ts";

/** Sends log lines to the engine, which shows them to the user. */
export class Engine {
  #client: InstanceType<typeof EngineClient> | undefined;

  /** Opens the connection. Without an address, all lines are dropped. */
  connect(address: string): void {
    if (address !== "") this.#client = new EngineClient(address, grpc.credentials.createInsecure());
  }

  /** Logs a line for a resource. The next line replaces an ephemeral one. */
  say(urn: string, severity: Severity, message: string, ephemeral: boolean): void {
    const { DEBUG, INFO, WARNING, ERROR } = LogSeverity;
    const request = new LogRequest();
    request.setSeverity({ debug: DEBUG, info: INFO, warning: WARNING, error: ERROR }[severity]);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    // A lost line must not fail the operation.
    this.#client?.log(request, () => undefined);
  }
}
