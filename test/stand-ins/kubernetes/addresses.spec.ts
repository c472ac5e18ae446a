import { expect } from "chai";

import type { Properties } from "../../../stand-ins/kit/values.ts";
import {
  addressRules,
  settledMilliseconds,
} from "../../../stand-ins/kubernetes/await/addresses.ts";
import type { Readiness } from "../../../stand-ins/kubernetes/await/condition.ts";
import { fakeApi } from "../support/fakeApi.ts";

const address = { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } };

function service(spec: Properties, status: Properties = {}): Properties {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "shop" },
    spec: { selector: { app: "web" }, ...spec },
    status,
  };
}

const slice = (...ready: boolean[]) => ({
  endpoints: ready.map((one) => ({ conditions: { ready: one } })),
});

/** Judges an object while a Service has the given slices; `later` looks again after that many milliseconds. */
async function judge(
  kind: string,
  object: Properties,
  slices: Properties[],
  later = 0,
): Promise<Readiness["state"]> {
  const fake = await fakeApi((_method, path) =>
    path.endsWith("/endpointslices") ? { body: { items: slices } } : undefined,
  );
  try {
    let now = 0;
    const rule = addressRules[kind]?.({ api: fake.api, now: () => now });
    const first = await rule?.(object);
    now = later;
    return (later > 0 ? await rule?.(object) : first)?.state ?? "failed";
  } finally {
    await fake.close();
  }
}

describe("a Service", () => {
  const kind = "/Service";

  it("is ready when its Pods are ready", async () => {
    expect(await judge(kind, service({}), [slice(true, true)])).to.equal("ready");
  });

  it("waits while it has no Pods or Pods that are not ready", async () => {
    expect(await judge(kind, service({}), [slice(true, false)])).to.equal("waiting");
    expect(await judge(kind, service({}), [slice()])).to.equal("waiting");
    expect(await judge(kind, service({}), [])).to.equal("waiting");
  });

  it("becomes ready without Pods after a while, and never with Pods that are not ready", async () => {
    expect(await judge(kind, service({}), [slice()], settledMilliseconds)).to.equal("ready");
    expect(await judge(kind, service({}), [slice(false)], settledMilliseconds)).to.equal("waiting");
    expect(await judge(kind, service({}), [], settledMilliseconds)).to.equal("waiting");
  });

  it("of type LoadBalancer needs an address and endpoints", async () => {
    const type = "LoadBalancer";
    expect(await judge(kind, service({ type }), [slice(true)])).to.equal("waiting");
    expect(await judge(kind, service({ type }, address), [slice(false)])).to.equal("waiting");
    expect(await judge(kind, service({ type }, address), [slice(true)])).to.equal("ready");
  });

  it("needs no endpoints when it is headless, external or without a selector", async () => {
    expect(await judge(kind, service({ selector: {} }), [])).to.equal("ready");
    expect(await judge(kind, service({ clusterIP: "None" }), [])).to.equal("ready");
    expect(await judge(kind, service({ type: "ExternalName" }), [])).to.equal("ready");
  });
});

describe("an Ingress", () => {
  const kind = "networking.k8s.io/Ingress";
  const ingress = (status: Properties) => ({
    metadata: { name: "web", namespace: "shop" },
    spec: { rules: [{ http: { paths: [{ backend: { service: { name: "web" } } }] } }] },
    status,
  });

  it("needs an address and the endpoints of its Service", async () => {
    expect(await judge(kind, ingress(address), [slice(true)])).to.equal("ready");
    expect(await judge(kind, ingress({}), [slice(true)])).to.equal("waiting");
    expect(await judge(kind, ingress(address), [])).to.equal("waiting");
  });

  it("stops waiting for the Service after a while, but not for the address", async () => {
    expect(await judge(kind, ingress(address), [], settledMilliseconds)).to.equal("ready");
    expect(await judge(kind, ingress({}), [], settledMilliseconds)).to.equal("waiting");
  });
});
