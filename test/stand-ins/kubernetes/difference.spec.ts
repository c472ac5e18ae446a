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
  it("is none when the program asks for the same", () => {
    const inputs = deployment({ replicas: 2 });
    const found = difference({ inputs, news: inputs });
    expect(found.changed).to.equal(false);
    expect(changes(found)).to.deep.equal({});
  });

  it("is none for what the cluster adds", () => {
    const inputs = deployment({ replicas: 2 });
    const live = {
      ...deployment({ replicas: 2, progressDeadlineSeconds: 600 }, { uid: "1", generation: 3 }),
      status: { replicas: 2 },
    };
    expect(difference({ inputs, live, news: inputs }).changed).to.equal(false);
  });

  it("is what somebody changed in the program's own fields", () => {
    const inputs = deployment({ replicas: 2 });
    const live = deployment({ replicas: 5 });
    expect(changes(difference({ inputs, live, news: inputs }))).to.deep.equal({
      "spec.replicas": "update",
    });
  });

  it("tells additions, deletions and updates apart, in lists too", () => {
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

  it("takes a quantity for what it is worth", () => {
    const pod = (cpu: string) =>
      deployment({ template: { spec: { containers: [{ resources: { limits: { cpu } } }] } } });
    const same = difference({ inputs: pod("1000m"), live: pod("1"), news: pod("1000m") });
    expect(same.changed).to.equal(false);
    expect(difference({ inputs: pod("1"), news: pod("2") }).changed).to.equal(true);
  });

  it("ignores what means nothing and is therefore not stored, as long as it stays", () => {
    const asked = deployment({ hostNetwork: false, labels: {} });
    expect(difference({ inputs: asked, live: deployment({}), news: asked }).changed).to.equal(
      false,
    );
    const meant = deployment({ hostNetwork: true });
    expect(difference({ inputs: asked, live: deployment({}), news: meant }).changed).to.equal(true);
    const added = difference({ inputs: deployment({}), news: deployment({ replicas: 0 }) });
    expect(changes(added)).to.deep.equal({ "spec.replicas": "add" });
  });

  it("is an update when a value is not known yet", () => {
    const inputs = deployment({ replicas: 2 });
    const news = deployment({ replicas: unknownMark });
    expect(changes(difference({ inputs, news }))).to.deep.equal({ "spec.replicas": "update" });
  });

  it("leaves out what the program ignores, with all below it", () => {
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

  it("takes a missing namespace for the default one", () => {
    const inputs = deployment({}, { namespace: "default" });
    const news = { ...deployment({}), metadata: { name: "web" } };
    expect(difference({ inputs, news }).changed).to.equal(false);
  });

  describe("replaces the object", () => {
    const selector = (app: string) => deployment({ selector: { matchLabels: { app } } });

    it("when a field changes that the API server fixes, before its successor is made", () => {
      const found = difference({ inputs: selector("a"), news: selector("b") });
      expect(found.replaces).to.deep.equal(["spec.selector.matchLabels.app"]);
      expect(found.deleteBeforeReplace).to.equal(true);
      expect(changes(found)).to.deep.equal({ "spec.selector.matchLabels.app": "update-replace" });
    });

    it("when a value is added that holds such a field", () => {
      const bare = omit(selector("a"), "spec");
      expect(difference({ inputs: bare, news: selector("b") }).replaces).to.deep.equal(["spec"]);
      expect(difference({ inputs: bare, news: deployment({ x: 1 }) }).replaces).to.deep.equal([]);
    });

    it("after its successor is made, when its name may differ", () => {
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

    it("when its name or namespace changes, side by side", () => {
      const found = difference({
        inputs: deployment({}),
        news: deployment({}, { namespace: "other" }),
      });
      expect(found.replaces).to.deep.equal(["metadata.namespace"]);
      expect(found.deleteBeforeReplace).to.equal(false);
    });

    it("when a ConfigMap's data changes, unless the provider lets it change in place", () => {
      const map = (message: string) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "m", namespace: "shop" },
        data: { message },
      });
      const asked = { inputs: map("a"), news: map("b"), type: "kubernetes:core/v1:ConfigMap" };
      expect(difference(asked).replaces).to.deep.equal(["data.message"]);
      const mutability = { ...immutable, enableConfigMapMutable: true };
      const inPlace = difference({ ...asked, mutability });
      expect(inPlace.replaces).to.deep.equal([]);
      expect(inPlace.changed).to.equal(true);
      const fixed = { ...map("b"), immutable: true };
      const news = difference({
        ...asked,
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

    it("never for what a Patch resource changes", () => {
      const found = difference({
        type: "kubernetes:apps/v1:DeploymentPatch",
        inputs: selector("a"),
        news: selector("b"),
      });
      expect(found.replaces).to.deep.equal([]);
    });
  });

  it("sees through a Secret's encoding", () => {
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
