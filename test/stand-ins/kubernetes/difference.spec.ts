import { expect } from "chai";

import { unknownMark } from "../../../stand-ins/kit/properties.ts";
import type { Difference } from "../../../stand-ins/kit/provider.ts";
import { omit, type Properties } from "../../../stand-ins/kit/values.ts";
import { differenceOf } from "../../../stand-ins/kubernetes/difference.ts";
import { operation } from "../support/operation.ts";

const immutable = { enableConfigMapMutable: false, enableSecretMutable: false };

interface Case {
  readonly type?: string;
  readonly inputs: Properties;
  readonly live?: Properties;
  readonly news: Properties;
  readonly ignoreChanges?: string[];
  readonly mutability?: typeof immutable;
}

function difference({
  type = "kubernetes:apps/v1:Deployment",
  inputs,
  live = inputs,
  news,
  ignoreChanges = [],
  mutability = immutable,
}: Case): Difference {
  const recorded = { inputs, live, fieldManager: undefined, initialApiVersion: undefined };
  return differenceOf(operation({ type, ignoreChanges }), recorded, news, mutability, true);
}

function deployment(spec: Properties, metadata: Properties = {}): Properties {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", ...metadata },
    spec,
  };
}

function changes(found: Difference): Record<string, string> {
  return Object.fromEntries(
    [...(found.detailed ?? [])].map(([path, { change }]) => [path, change]),
  );
}

describe("the difference of an object", () => {
  it("is empty for the same inputs", () => {
    const inputs = deployment({ replicas: 2 });
    const found = difference({ inputs, news: inputs });
    expect(found.changed).to.equal(false);
    expect(changes(found)).to.deep.equal({});
  });

  it("ignores fields that the cluster adds", () => {
    const inputs = deployment({ replicas: 2 });
    const live = {
      ...deployment({ replicas: 2, progressDeadlineSeconds: 600 }, { uid: "1", generation: 3 }),
      status: { replicas: 2 },
    };
    expect(difference({ inputs, live, news: inputs }).changed).to.equal(false);
  });

  it("contains changes to the program's fields", () => {
    const inputs = deployment({ replicas: 2 });
    const live = deployment({ replicas: 5 });
    expect(changes(difference({ inputs, live, news: inputs }))).to.deep.equal({
      "spec.replicas": "update",
    });
  });

  it("distinguishes additions, deletions and updates, also in lists", () => {
    const inputs = deployment({ a: 1, b: 1, list: [1, 2, 3] });
    const news = deployment({ a: 2, c: 1, list: [1, 9] });
    expect(changes(difference({ inputs, news }))).to.deep.equal({
      "spec.a": "update",
      "spec.b": "delete",
      "spec.c": "add",
      "spec.list[1]": "update",
      "spec.list[2]": "delete",
    });
  });

  it("compares quantities by value", () => {
    const pod = (cpu: string) =>
      deployment({ template: { spec: { containers: [{ resources: { limits: { cpu } } }] } } });
    const same = difference({ inputs: pod("1000m"), live: pod("1"), news: pod("1000m") });
    expect(same.changed).to.equal(false);
    expect(difference({ inputs: pod("1"), news: pod("2") }).changed).to.equal(true);
  });

  it("ignores unchanged empty values, which are not stored", () => {
    const requested = deployment({ hostNetwork: false, labels: {} });
    expect(
      difference({ inputs: requested, live: deployment({}), news: requested }).changed,
    ).to.equal(false);
    const meant = deployment({ hostNetwork: true });
    expect(difference({ inputs: requested, live: deployment({}), news: meant }).changed).to.equal(
      true,
    );
    const added = difference({ inputs: deployment({}), news: deployment({ replicas: 0 }) });
    expect(changes(added)).to.deep.equal({ "spec.replicas": "add" });
  });

  it("is an update for an unknown value", () => {
    const inputs = deployment({ replicas: 2 });
    const news = deployment({ replicas: unknownMark });
    expect(changes(difference({ inputs, news }))).to.deep.equal({ "spec.replicas": "update" });
  });

  it("excludes ignored paths and everything below them", () => {
    const inputs = deployment({ replicas: 2, template: { image: "a" } });
    const news = deployment({ replicas: 3, template: { image: "b" } });
    const found = difference({ inputs, news, ignoreChanges: ["spec.template"] });
    expect(changes(found)).to.deep.equal({ "spec.replicas": "update" });
  });

  it("writes keys with dots as the engine does", () => {
    const inputs = deployment({}, { annotations: { "a.b/c": "1" } });
    const news = deployment({}, { annotations: { "a.b/c": "2" } });
    expect(changes(difference({ inputs, news }))).to.deep.equal({
      'metadata.annotations["a.b/c"]': "update",
    });
  });

  it("treats a missing namespace as default", () => {
    const inputs = deployment({}, { namespace: "default" });
    const news = { ...deployment({}), metadata: { name: "web" } };
    expect(difference({ inputs, news }).changed).to.equal(false);
  });

  describe("replaces the object", () => {
    const selector = (app: string) => deployment({ selector: { matchLabels: { app } } });

    it("before the creation of its successor when an immutable field changes", () => {
      const found = difference({ inputs: selector("a"), news: selector("b") });
      expect(found.replaces).to.deep.equal(["spec.selector.matchLabels.app"]);
      expect(found.deleteBeforeReplace).to.equal(true);
      expect(changes(found)).to.deep.equal({ "spec.selector.matchLabels.app": "update-replace" });
    });

    it("when an added value contains an immutable field", () => {
      const bare = omit(selector("a"), "spec");
      expect(difference({ inputs: bare, news: selector("b") }).replaces).to.deep.equal(["spec"]);
      expect(difference({ inputs: bare, news: deployment({ x: 1 }) }).replaces).to.deep.equal([]);
    });

    it("after the creation of its successor when it is autonamed", () => {
      const autonamed = (app: string) => ({
        ...selector(app),
        metadata: {
          name: "web-1",
          namespace: "shop",
          annotations: { "pulumi.com/autonamed": "true" },
        },
      });
      const found = difference({ inputs: autonamed("a"), news: autonamed("b") });
      expect(found.replaces).to.have.length(1);
      expect(found.deleteBeforeReplace).to.equal(false);
    });

    it("when its name or namespace changes", () => {
      const found = difference({
        inputs: deployment({}),
        news: deployment({}, { namespace: "other" }),
      });
      expect(found.replaces).to.deep.equal(["metadata.namespace"]);
      expect(found.deleteBeforeReplace).to.equal(false);
    });

    it("when a ConfigMap's data changes, unless the provider makes it mutable", () => {
      const map = (message: string) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "m", namespace: "shop" },
        data: { message },
      });
      const requested = { inputs: map("a"), news: map("b"), type: "kubernetes:core/v1:ConfigMap" };
      expect(difference(requested).replaces).to.deep.equal(["data.message"]);
      const mutability = { ...immutable, enableConfigMapMutable: true };
      const inPlace = difference({ ...requested, mutability });
      expect(inPlace.replaces).to.deep.equal([]);
      expect(inPlace.changed).to.equal(true);
      const fixed = { ...map("b"), immutable: true };
      const news = difference({
        ...requested,
        mutability,
        inputs: { ...map("a"), immutable: true },
        news: fixed,
      });
      expect(news.replaces).to.deep.equal(["data.message"]);
    });

    it("when a container of a bare Pod changes, but not when its labels do", () => {
      const pod = (image: string, app: string) => ({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p", namespace: "shop", labels: { app } },
        spec: { containers: [{ name: "c", image }] },
      });
      const type = "kubernetes:core/v1:Pod";
      const image = difference({ type, inputs: pod("a", "x"), news: pod("b", "x") });
      expect(image.replaces).to.deep.equal(["spec.containers[0].image"]);
      const label = difference({ type, inputs: pod("a", "x"), news: pod("a", "y") });
      expect(label.replaces).to.deep.equal([]);
    });

    it("never for a Patch resource", () => {
      const found = difference({
        type: "kubernetes:apps/v1:DeploymentPatch",
        inputs: selector("a"),
        news: selector("b"),
      });
      expect(found.replaces).to.deep.equal([]);
    });
  });

  it("compares a Secret's decoded data", () => {
    const secret = (data: Properties): Properties => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "shop" },
      ...data,
    });
    const type = "kubernetes:core/v1:Secret";
    const inputs = secret({ data: { token: "aGk=" } });
    const same = secret({ stringData: { token: "hi" } });
    expect(difference({ type, inputs, news: same }).changed).to.equal(false);
    const other = secret({ stringData: { token: "ho" } });
    expect(difference({ type, inputs, news: other }).replaces).to.deep.equal(["data.token"]);
  });
});
