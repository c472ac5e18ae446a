import * as k8s from "@pulumi/kubernetes";
import { expect } from "chai";

import {
  addressAnnotations,
  loadBalancerAddress,
} from "../../../components/kubernetes/addresses.ts";
import { record } from "../../support/recording.ts";
import { failureOf } from "../network/given.ts";

const metadata = { name: "web", namespace: "apps" };
const kinds = {
  Service: () => new k8s.core.v1.Service("web", { kind: "Service", metadata }),
  Ingress: () => new k8s.networking.v1.Ingress("web", { kind: "Ingress", metadata }),
};

const addressFrom = (
  status: object | undefined,
  { preview = false, kind = "Service" }: { preview?: boolean; kind?: keyof typeof kinds } = {},
) =>
  record(() => ({ address: loadBalancerAddress(kinds[kind]()) }), {
    outputs: () => (status === undefined ? {} : { status }),
    preview,
  });

describe("the address of a LoadBalancer Service", () => {
  it("is the one in the status", async () => {
    const { result } = await addressFrom({ loadBalancer: { ingress: [{ ip: "192.0.2.7" }] } });
    expect(result).to.deep.equal({ address: "192.0.2.7" });
  });

  it("is a host name if the load balancer has no IP address", async () => {
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
    it(`is an error with a fix, given ${title}`, async () => {
      expect(await failureOf(addressFrom(status))).to.contain(
        "kubectl -n apps describe service web",
      );
    });

    it(`is unknown in a preview, given ${title}`, async () => {
      const { result } = await addressFrom(status, { preview: true });
      // The recording leaves out a value that is unknown.
      expect(result).to.equal(undefined);
    });
  }
});

describe("the address of an Ingress", () => {
  it("is the one in the status", async () => {
    const { result } = await addressFrom(
      { loadBalancer: { ingress: [{ ip: "192.0.2.8" }] } },
      { kind: "Ingress" },
    );
    expect(result).to.deep.equal({ address: "192.0.2.8" });
  });

  it("is an error with a fix, given no status", async () => {
    const message = await failureOf(addressFrom(undefined, { kind: "Ingress" }));
    expect(message).to.contain("kubectl -n apps describe ingress web");
  });
});

describe("the annotations that request an address", () => {
  it("name MetalLB's pool", () => {
    expect(addressAnnotations({ pool: "home" })).to.deep.equal({
      "metallb.io/address-pool": "home",
    });
  });

  it("name the cloud's reservation, for the load balancer that looks names up", () => {
    expect(addressAnnotations({ reservation: "provenet-web" })).to.deep.equal({
      "cloud.google.com/l4-rbs": "enabled",
      "networking.gke.io/load-balancer-ip-addresses": "provenet-web",
    });
  });
});
