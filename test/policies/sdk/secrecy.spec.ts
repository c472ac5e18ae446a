import { expect } from "chai";

import { sdkDecoder, watchSecrets, type Decoder } from "../../../policies/sdk/secrecy.ts";
import { wireOf } from "../support.ts";

/** A decoder that counts how often the SDK decodes. */
function counted() {
  const { deserializeProperties: decode } = sdkDecoder();
  let count = 0;
  const decoder: Decoder = {
    deserializeProperties: (wire, proxySecrets) => {
      count += 1;
      return decode(wire, proxySecrets);
    },
  };
  watchSecrets(decoder);
  return { decoder, count: () => count };
}

describe("the decoder of properties", () => {
  it("decodes them once for all rules", () => {
    const { decoder, count } = counted();
    const wire = wireOf({ a: 1 });
    const first = decoder.deserializeProperties(wire, false);
    expect(decoder.deserializeProperties(wire, false)).to.equal(first);
    expect(first).to.deep.equal({ a: 1 });
    expect(count()).to.equal(1);
    expect(decoder.deserializeProperties(wireOf({ a: 2 }), false)).to.deep.equal({ a: 2 });
  });

  it("decodes them again for a remediation, which may change them", () => {
    const { decoder, count } = counted();
    const wire = wireOf({ a: 1 });
    const forRules = decoder.deserializeProperties(wire, false);
    expect(decoder.deserializeProperties(wire, true)).not.to.equal(forRules);
    expect(decoder.deserializeProperties(wire, true)).not.to.equal(forRules);
    expect(count()).to.equal(3);
  });
});
