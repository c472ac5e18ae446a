import { expect } from "chai";

import { unknownMark, type Bag } from "../../../stand-ins/kit/properties.ts";
import { PartialFailure } from "../../../stand-ins/kit/provider.ts";
import { messageOf, type Properties } from "../../../stand-ins/kit/values.ts";
import { KubernetesProvider } from "../../../stand-ins/kubernetes/provider.ts";
import { fakeApi, type Answer, type FakeApi } from "../support/fakeApi.ts";
import { operation } from "../support/operation.ts";

const bag = (value: Properties): Bag => ({ value, secrets: [] });

const core: Answer = {
  body: {
    resources: [
      { name: "namespaces", kind: "Namespace", namespaced: false },
      { name: "configmaps", kind: "ConfigMap", namespaced: true },
      { name: "configmaps/status", kind: "ConfigMap", namespaced: true },
    ],
  },
};
const map = (metadata: Properties): Properties => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata,
});
const ofMap = (given: object = {}) =>
  operation({ type: "kubernetes:core/v1:ConfigMap", name: "settings", ...given });

async function failureOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it did not fail");
}

describe("the kubernetes stand-in", () => {
  let fake: FakeApi | undefined;

  afterEach(async () => {
    await fake?.close();
    fake = undefined;
  });

  async function configured(
    answer: (method: string, path: string) => Answer | undefined,
    settings: Properties = {},
  ): Promise<KubernetesProvider> {
    fake = await fakeApi((method, path) => (path === "/api/v1" ? core : answer(method, path)));
    const provider = new KubernetesProvider("4.34.2");
    await provider.configure(bag({ kubeconfig: fake.kubeconfig, ...settings }));
    return provider;
  }

  it("gives only namespaced objects the default namespace", async () => {
    const provider = await configured(() => undefined, { namespace: "shop" });
    const namespaced = await provider.check(ofMap(), bag({}), bag(map({ name: "m" })));
    expect(namespaced.inputs.value.metadata).to.deep.equal({ name: "m", namespace: "shop" });
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } };
    const other = await provider.check(
      operation({ type: "kubernetes:core/v1:Namespace" }),
      bag({}),
      bag(namespace),
    );
    expect(other.inputs.value).to.deep.equal(namespace);
  });

  it("refuses all unsupported features of an object at once", async () => {
    const provider = await configured(() => undefined);
    const annotations = { "pulumi.com/replaceUnready": "true", "pulumi.com/waitFor": "soon" };
    const { failures } = await provider.check(
      ofMap(),
      bag({}),
      bag(map({ generateName: "m-", annotations })),
    );
    expect(failures.map(({ property }) => property)).to.deep.equal([
      "metadata.generateName",
      "metadata.annotations",
      "metadata.annotations",
    ]);
    const release = operation({ type: "kubernetes:helm.sh/v3:Release" });
    const refusal = await failureOf(provider.check(release, bag({}), bag({})));
    expect(refusal.message).to.contain("kubernetes:helm.sh/v3:Release is not supported");
  });

  it("names the remedies when an object exists that is not in the state", async () => {
    const provider = await configured((method) =>
      method === "POST"
        ? { code: 409, body: { reason: "AlreadyExists", message: 'configmaps "m" already exists' } }
        : undefined,
    );
    const inputs = bag(map({ name: "m", namespace: "shop" }));
    const { message } = await failureOf(provider.create(ofMap(), inputs));
    expect(message).to.contain("pulumi import").and.to.contain("upsertExistingObjects");
    expect((await provider.create(ofMap({ preview: true }), inputs)).state).to.equal(inputs);
  });

  it("applies instead of creating with upsertExistingObjects", async () => {
    const live = map({ name: "m", namespace: "shop", uid: "1" });
    const provider = await configured(
      (method) => (method === "PATCH" ? { body: live } : undefined),
      { upsertExistingObjects: "true", enablePatchForce: "true" },
    );
    const { id } = await provider.create(ofMap(), bag(map({ name: "m", namespace: "shop" })));
    expect(id).to.equal("shop/m");
    const { path = "" } = fake?.requests.at(-1) ?? {};
    expect(path).to.match(/configmaps\/m\?fieldManager=pulumi-kubernetes-[0-9a-f]{8}&force=true&/);
    expect(path).to.contain("fieldValidation=Strict");
  });

  it("previews the inputs when the server cannot validate them", async () => {
    const provider = await configured(() => undefined);
    const unknown = bag(map({ name: unknownMark }));
    expect((await provider.create(ofMap({ preview: true }), unknown)).state).to.equal(unknown);
    const unserved = bag({ apiVersion: "x.example/v1", kind: "X", metadata: { name: "x" } });
    expect((await provider.create(ofMap({ preview: true }), unserved)).state).to.equal(unserved);
  });

  it("records a refused update with the live object, so that it is tried again", async () => {
    const live = map({ name: "m", namespace: "shop", resourceVersion: "7", managedFields: [] });
    const provider = await configured((method) =>
      method === "GET"
        ? { body: live }
        : { code: 422, body: { reason: "Invalid", message: "data: too long" } },
    );
    const state = bag({ ...live, __inputs: map({ name: "m", namespace: "shop" }) });
    const news = bag({ ...map({ name: "m", namespace: "shop" }), data: { a: "b" } });
    const failure = await failureOf(provider.update(ofMap(), "shop/m", state, bag({}), news));
    if (!(failure instanceof PartialFailure)) throw failure;
    const { id, reasons, state: recorded } = failure;
    expect(id).to.equal("shop/m");
    expect(reasons).to.deep.equal(["data: too long"]);
    expect(recorded.value.__inputs).to.deep.equal(news.value);
  });

  it("reports an object as deleted when it or its kind is gone", async () => {
    const provider = await configured(() => undefined);
    const gone = bag(map({ name: "m", namespace: "shop" }));
    expect(await provider.read(ofMap(), "shop/m", gone, gone)).to.equal(undefined);
    await provider.delete(ofMap(), "shop/m", gone);
    const unserved = bag({ apiVersion: "x.example/v1", kind: "X", metadata: { name: "x" } });
    await provider.delete(operation({ type: "kubernetes:x.example/v1:X" }), "x", unserved);
    expect(fake?.requests.filter(({ method }) => method === "DELETE")).to.have.length(1);
  });

  describe("without a cluster", () => {
    const nowhere = { kubeconfig: "/no/such/kubeconfig" };
    const state = bag(map({ name: "m" }));

    it("previews a creation, and names the cause when it cannot create", async () => {
      const provider = new KubernetesProvider("4.34.2");
      await provider.configure(bag(nowhere));
      expect((await provider.create(ofMap({ preview: true }), state)).id).to.equal("");
      const { message } = await failureOf(provider.create(ofMap(), state));
      expect(message).to.contain("there is no kubeconfig at /no/such/kubeconfig");
    });

    it("names the remedy when the cluster was deleted", async () => {
      const provider = new KubernetesProvider("4.34.2");
      await provider.configure(bag(nowhere));
      const failures = [
        await failureOf(provider.read(ofMap(), "m", state, state)),
        await failureOf(provider.delete(ofMap(), "m", state)),
      ];
      for (const failure of failures) {
        expect(messageOf(failure)).to.contain("PULUMI_K8S_DELETE_UNREACHABLE=true");
      }
    });

    it("drops its objects with deleteUnreachable", async () => {
      const provider = new KubernetesProvider("4.34.2");
      await provider.configure(bag({ ...nowhere, deleteUnreachable: "true" }));
      expect(await provider.read(ofMap(), "m", state, state)).to.equal(undefined);
      await provider.delete(ofMap(), "m", state);
    });
  });
});
