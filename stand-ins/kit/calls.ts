import type {
  handleUnaryCall,
  sendUnaryData,
  ServerErrorResponse,
  StatusObject,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";

import { grpc } from "./protocol.ts";
import { messageOf, Unsupported } from "./values.ts";

/** An error as gRPC sends it. */
export type WireError = ServerErrorResponse | Partial<StatusObject>;

/** The error of a failed call. */
export function errorOf(error: unknown): WireError {
  const { UNIMPLEMENTED, UNKNOWN } = grpc.status;
  const code = error instanceof Unsupported ? UNIMPLEMENTED : UNKNOWN;
  return { code, details: messageOf(error) };
}

/** Answers a call with what `answer` resolves to, or with the error that it throws. */
export function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
  writeError: (error: unknown) => WireError = errorOf,
): handleUnaryCall<Request, Response> {
  return (call, callback: sendUnaryData<Response>) => {
    const answering = async () => answer(call.request);
    answering().then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(writeError(error));
      },
    );
  };
}

/** Refuses every method of a service. Spread the implemented methods over it. */
export function refusals(methods: readonly string[]): UntypedServiceImplementation {
  const refuse =
    (method: string): handleUnaryCall<unknown, unknown> =>
    (_call, callback) => {
      const details = `This stand-in does not implement ${method}. Fix: use the official plugin.`;
      callback({ code: grpc.status.UNIMPLEMENTED, details });
    };
  return Object.fromEntries(methods.map((method) => [method, refuse(method)]));
}
