import { expect } from "chai";

import type { Operation } from "../../../stand-ins/kit/provider.ts";
import type { Properties } from "../../../stand-ins/kit/values.ts";
import { awaitReady, type Outcome } from "../../../stand-ins/kubernetes/await/ready.ts";
import { fakeApi, type Answer, type FakeApi } from "../support/fakeApi.ts";
import { operation } from "../support/operation.ts";

const deploymentPath = "/apis/apps/v1/namespaces/shop/deployments/web";
const location = { path: deploymentPath, collection: "", namespaced: true };

const deployment = (status: Properties, annotations: Properties = {}): Properties => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop", uid: "1", generation: 1, annotations },
  spec: { replicas: 1, selector: { matchLabels: { app: "web" } } },
  status,
});
const done = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
const started = { observedGeneration: 1, replicas: 1, updatedReplicas: 1 };

describe("waiting for an object", () => {
  let fake: FakeApi | undefined;

  afterEach(async () => {
    await fake?.close();
  });

  async function wait(
    first: Properties,
    answer: (method: string, path: string) => Answer | undefined,
    given: Partial<Operation> = {},
  ): Promise<Outcome> {
    fake = await fakeApi(answer);
    return awaitReady(fake.api, location, operation(given), first, first);
  }

  it("ends with the newest version when it is ready", async () => {
    let looks = 0;
    const { live, reasons } = await wait(deployment({}), (_method, path) =>
      path === deploymentPath
        ? { body: deployment(++looks < 2 ? started : done) }
        : { body: { items: [] } },
    );
    expect(reasons).to.equal(undefined);
    expect(live).to.deep.equal(deployment(done));
  });

  it("is skipped for kinds without a rule and with skipAwait", async () => {
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" } };
    expect(await wait(map, () => "silence")).to.deep.equal({ live: map, reasons: undefined });
    await fake?.close();
    const hasty = deployment({}, { "pulumi.com/skipAwait": "true" });
    expect((await wait(hasty, () => "silence")).reasons).to.equal(undefined);
  });

  it("follows the annotation instead of the rule for the kind", async () => {
    const requested = deployment(
      { phase: "Bound" },
      { "pulumi.com/waitFor": "jsonpath={.status.phase}" },
    );
    expect((await wait(requested, () => "silence")).reasons).to.equal(undefined);
  });

  it("ends when it is cancelled, also while the server does not answer", async () => {
    const stop = new AbortController();
    setTimeout(() => {
      stop.abort();
    }, 50);
    const began = performance.now();
    const { live, reasons } = await wait(deployment(started), () => "silence", {
      cancelled: stop.signal,
    });
    expect(performance.now() - began).to.be.lessThan(1_000);
    expect(reasons?.[0]).to.contain("cancelled while Deployment shop/web was not ready");
    expect(live).to.deep.equal(deployment(started));
  });

  it("ends at the timeout with the last reason", async () => {
    const { reasons } = await wait(
      deployment({}),
      (_method, path) => ({ body: path === deploymentPath ? deployment(started) : { items: [] } }),
      { timeoutSeconds: 0.2 },
    );
    expect(reasons).to.deep.equal([
      "Deployment shop/web was not ready within 0.2 s: 0 of 1 Pods available (1 updated)",
    ]);
  });

  it("ends when the object is deleted", async () => {
    const { reasons } = await wait(deployment({}), () => undefined);
    expect(reasons).to.deep.equal(["Deployment shop/web was deleted while waiting for it"]);
  });

  it("ends when the Deployment has failed", async () => {
    const stuck = {
      ...started,
      conditions: [
        {
          type: "Progressing",
          status: "False",
          reason: "ProgressDeadlineExceeded",
          message: "late",
        },
      ],
    };
    const { reasons } = await wait(deployment(stuck), () => ({ body: { items: [] } }));
    expect(reasons).to.deep.equal([
      "Deployment shop/web will not become ready",
      "ProgressDeadlineExceeded: late",
    ]);
  });

  it("continues while the server fails", async () => {
    let looks = 0;
    const { reasons } = await wait(deployment({}), (_method, path) =>
      path !== deploymentPath
        ? { body: { items: [] } }
        : ++looks < 3
          ? { code: 500, body: { message: "etcd is electing" } }
          : { body: deployment(done) },
    );
    expect(reasons).to.equal(undefined);
  });

  it("reports each reason and each pod problem once", async () => {
    const said: string[] = [];
    const set = {
      metadata: { uid: "rs", ownerReferences: [{ uid: "1" }], annotations: {} },
    };
    const pod = {
      metadata: { name: "web-1", namespace: "shop", uid: "p", ownerReferences: [{ uid: "rs" }] },
      status: {
        conditions: [
          { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "no cpu" },
        ],
      },
    };
    const { reasons } = await wait(
      deployment(started),
      (_method, path) => ({
        body:
          path === deploymentPath
            ? deployment(started)
            : { items: [path.endsWith("pods") ? pod : set] },
      }),
      { timeoutSeconds: 0.5, status: (message) => said.push(message) },
    );
    const why = "0 of 1 Pods available (1 updated); Pod shop/web-1: Unschedulable: no cpu";
    expect(said).to.deep.equal([`waiting: ${why}`]);
    expect(reasons?.[0]).to.contain(why);
  });
});
