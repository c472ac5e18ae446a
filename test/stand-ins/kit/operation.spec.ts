import { expect } from "chai";

import { partsOf } from "../../../stand-ins/kit/operation.ts";

describe("a resource's URN", () => {
  it("gives the type without its parents, and the name", () => {
    expect(partsOf("urn:pulumi:dev::shop::a:b:C$kubernetes:apps/v1:Deployment::web")).to.deep.equal(
      {
        type: "kubernetes:apps/v1:Deployment",
        name: "web",
      },
    );
  });

  it("keeps colons in the name", () => {
    expect(partsOf("urn:pulumi:dev::shop::a:b:C::one::two").name).to.equal("one::two");
  });
});
