import * as k8s from "@pulumi/kubernetes";
import { expect } from "chai";

import { loadBalancerAddress } from "../../../components/kubernetes/addresses.ts";
import { record } from "../../support/recording.ts";
import { failureOf } from "../network/given.ts";

const addressFrom = (status: object | undefined, preview = false) =>
  record(
    () => {
      const service = new k8s.core.v1.Service("web", {
        metadata: { name: "web", namespace: "apps" },
      });
      return { address: loadBalancerAddress(service) };
    },
    { outputs: () => (status === undefined ? {} : { status }), preview },
  );

describe("the address of a LoadBalancer Service", () => {
  it("is the one in its status", async () => {
    const { result } = await addressFrom({ loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } });
    expect(result).to.deep.equal({ address: "192.0.2.7" });
  });

  it("is a host name where the load balancer has only that", async () => {
    const { result } = await addressFrom({
      loadBalancer: { ingress: [{ hostname: "a.example" }] },
    });
    expect(result).to.deep.equal({ address: "a.example" });
  });

  for (const [title, status] of [
    ["no status", undefined],
    ["an empty status", {}],
    ["a load balancer without entries", { loadBalancer: { ingress: [] } }],
  ] as const) {
    it(`is an error that says where to look, given ${title}`, async () => {
      expect(await failureOf(addressFrom(status))).to.contain(
        "kubectl -n apps describe service web",
      );
    });

    it(`is unknown in a preview, given ${title}`, async () => {
      const { result } = await addressFrom(status, true);
      // A value with something unknown in it is not given out at all.
      expect(result).to.equal(undefined);
    });
  }
});
