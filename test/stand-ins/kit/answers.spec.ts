import { expect } from "chai";

import { operationErrorOf } from "../../../stand-ins/kit/answers.ts";
import { refusals } from "../../../stand-ins/kit/calls.ts";
import { grpc } from "../../../stand-ins/kit/protocol.ts";
import { PartialFailure } from "../../../stand-ins/kit/provider.ts";
import { messages, Status } from "../../../stand-ins/kit/providerProtocol.ts";
import { Unsupported } from "../../../stand-ins/kit/values.ts";

describe("the error of a failed operation", () => {
  it("is UNKNOWN with the message that was thrown", () => {
    const { code, details } = operationErrorOf(new Error("no space left"));
    expect({ code, details }).to.eql({ code: grpc.status.UNKNOWN, details: "no space left" });
  });

  it("is UNIMPLEMENTED for an unsupported feature", () => {
    expect(operationErrorOf(new Unsupported("no Helm")).code).to.equal(grpc.status.UNIMPLEMENTED);
  });

  it("carries the state and the inputs of a partial failure", () => {
    const state = { value: { ready: false }, secrets: [] };
    const inputs = { value: { replicas: 2 }, secrets: [] };
    const error = operationErrorOf(new PartialFailure("shop/web", state, inputs, ["not ready"]));
    const [packed] = error.metadata?.get("grpc-status-details-bin") ?? [];
    const status = Status.deserializeBinary(packed as Buffer);
    expect(status.getMessage()).to.equal("not ready");
    const detail = status.getDetailsList()[0];
    expect(detail?.getTypeName()).to.equal("pulumirpc.ErrorResourceInitFailed");
    const partial = messages.ErrorResourceInitFailed.deserializeBinary(
      detail?.getValue_asU8() ?? new Uint8Array(),
    );
    expect(partial.getId()).to.equal("shop/web");
    expect(partial.getProperties()?.toJavaScript()).to.eql(state.value);
    expect(partial.getInputs()?.toJavaScript()).to.eql(inputs.value);
    expect(partial.getReasonsList()).to.eql(["not ready"]);
  });
});

describe("a method without an implementation", () => {
  it("is refused by name", () => {
    let refusal: unknown;
    const refuse = refusals(["construct"]).construct as (call: object, answer: unknown) => void;
    refuse({}, (error: unknown) => (refusal = error));
    expect(refusal).to.eql({
      code: grpc.status.UNIMPLEMENTED,
      details: "This stand-in does not implement construct. Fix: use the official plugin.",
    });
  });
});
