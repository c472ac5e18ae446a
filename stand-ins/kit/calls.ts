import {
  status,
  type handleUnaryCall,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

import { errorOf } from "./answers.ts";

/** Answers a call with what `answer` resolves to, or with what it throws. */
export function unary<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback: sendUnaryData<Response>) => {
    const answering = async () => answer(call.request);
    answering().then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(errorOf(error));
      },
    );
  };
}

/** Refuses every method of a service by name; what is answered is put over it. */
export function refusals(methods: readonly string[]): UntypedServiceImplementation {
  const refuse =
    (method: string): handleUnaryCall<unknown, unknown> =>
    (_call, callback) => {
      callback({ code: status.UNIMPLEMENTED, details: `this stand-in does not answer ${method}` });
    };
  return Object.fromEntries(methods.map((method) => [method, refuse(method)]));
}
