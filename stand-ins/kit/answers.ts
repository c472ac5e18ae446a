import { Metadata, status, type ServerErrorResponse, type StatusObject } from "@grpc/grpc-js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { CheckFailure, DiffResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import rpc from "@pulumi/pulumi/proto/status_pb.js";

import { encode } from "./properties.ts";
import {
  type Change,
  type Difference,
  type Failure,
  PartialFailure,
  type State,
  Unsupported,
} from "./provider.ts";
import { messageOf } from "./values.ts";

/** Writes a state or inputs to the wire. */
export function wire(state: State) {
  return encode(state.value, state.secrets);
}

/** Writes refusals to the wire. */
export function failuresOf(failures: readonly Failure[]): CheckFailure[] {
  return failures.map(({ property = "", reason }) => {
    const failure = new messages.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

/** Writes a difference to the wire. */
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

/** Writes what was thrown to the wire; a partial failure carries the state along. */
export function errorOf(error: unknown): ServerErrorResponse | Partial<StatusObject> {
  const details = messageOf(error);
  if (error instanceof Unsupported) return { code: status.UNIMPLEMENTED, details };
  if (!(error instanceof PartialFailure)) return { code: status.UNKNOWN, details };
  const partial = new messages.ErrorResourceInitFailed();
  partial.setId(error.id);
  partial.setProperties(wire(error.state));
  partial.setInputs(error.inputs && wire(error.inputs));
  partial.setReasonsList([...error.reasons]);
  const packed = new any.Any();
  packed.pack(partial.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new rpc.Status();
  answer.setCode(status.UNKNOWN);
  answer.setMessage(details);
  answer.addDetails(packed);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return { code: status.UNKNOWN, details, metadata };
}
