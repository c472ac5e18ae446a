import type { CheckFailure, DiffResponse } from "@pulumi/pulumi/proto/provider_pb.js";

import { errorOf, type WireError } from "./calls.ts";
import { encode } from "./properties.ts";
import { grpc } from "./protocol.ts";
import {
  type Change,
  type Difference,
  type Failure,
  PartialFailure,
  type State,
} from "./provider.ts";
import { Any, messages, Status } from "./providerProtocol.ts";

/** State or inputs as the engine reads them. */
export function wire(state: State) {
  return encode(state.value, state.secrets);
}

/** Refused properties as the engine reads them. */
export function failuresOf(failures: readonly Failure[]): CheckFailure[] {
  return failures.map(({ property = "", reason }) => {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

/** A difference as the engine reads it. */
export function differenceOf(difference: Difference): DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const answer = new messages.DiffResponse();
  answer.setChanges(difference.changed ? DIFF_SOME : DIFF_NONE);
  answer.setReplacesList([...difference.replaces]);
  answer.setDeletebeforereplace(difference.deleteBeforeReplace ?? false);
  if (difference.detailed) {
    answer.setHasdetaileddiff(true);
    for (const [path, { change, ofInputs }] of difference.detailed) {
      const line = new messages.PropertyDiff();
      line.setKind(kindOf(change));
      line.setInputdiff(ofInputs);
      answer.getDetaileddiffMap().set(path, line);
    }
  }
  return answer;
}

function kindOf(change: Change) {
  const kinds = messages.PropertyDiff.Kind;
  return {
    add: kinds.ADD,
    "add-replace": kinds.ADD_REPLACE,
    delete: kinds.DELETE,
    "delete-replace": kinds.DELETE_REPLACE,
    update: kinds.UPDATE,
    "update-replace": kinds.UPDATE_REPLACE,
  }[change];
}

/** The error of a failed operation. A partial failure carries the state that the engine records. */
export function operationErrorOf(error: unknown): WireError {
  if (!(error instanceof PartialFailure)) return errorOf(error);
  const partial = new messages.ErrorResourceInitFailed();
  partial.setId(error.id);
  partial.setProperties(wire(error.state));
  partial.setInputs(error.inputs && wire(error.inputs));
  partial.setReasonsList([...error.reasons]);
  const packed = new Any();
  packed.pack(partial.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new Status();
  answer.setCode(grpc.status.UNKNOWN);
  answer.setMessage(error.message);
  answer.addDetails(packed);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details: error.message, metadata };
}
