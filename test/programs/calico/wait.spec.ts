import { expect } from "chai";

import type { KubernetesApi } from "../../../kube/api.ts";
import { CouldNotAsk, UserError } from "../../../messages/errors.ts";
import { waitForCalico } from "../../../programs/calico/wait.ts";
import { onlyGetAndPatch } from "../../support/api.ts";

/** A DaemonSet that is ready on both nodes. */
const daemonSet = (status: Record<string, number> = {}) => ({
  metadata: { generation: 3 },
  spec: {
    template: { spec: { containers: [{ name: "calico-node", image: "gke.gcr.io/calico:1" }] } },
  },
  status: { observedGeneration: 3, desiredNumberScheduled: 2, numberReady: 2, ...status },
});

/** An API whose DaemonSet is each of the values in turn, then the last one. */
function apiWith(states: readonly unknown[], { crds = true } = {}): KubernetesApi {
  let asked = 0;
  return {
    ...onlyGetAndPatch,
    get: async (path, schema) => {
      if (path.startsWith("/apis/crd")) return Promise.resolve(crds ? schema.parse({}) : undefined);
      const state = states[Math.min(asked, states.length - 1)];
      asked += 1;
      if (state instanceof Error) throw state;
      return Promise.resolve(state === undefined ? undefined : schema.parse(state));
    },
    patch: async () => Promise.resolve(),
    run: async () => Promise.reject(new Error("no pods")),
    waitUntilReady: async () => Promise.resolve(),
  };
}

const patient = { deadlineSeconds: 60, pauseSeconds: 0 };
const impatient = { deadlineSeconds: 0, pauseSeconds: 0 };

async function failureOf(api: KubernetesApi): Promise<UserError> {
  try {
    await waitForCalico(api, impatient);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("nothing failed");
}

describe("waiting for the Calico add-on", () => {
  it("ends with its image and the number of nodes that it is ready on", async () => {
    expect(await waitForCalico(apiWith([daemonSet()]), impatient)).to.deep.equal({
      image: "gke.gcr.io/calico:1",
      nodes: 2,
    });
  });

  it("goes on until the add-on is there, is meant for nodes and is ready on all of them", async () => {
    const api = apiWith([
      undefined,
      new CouldNotAsk("the API server did not answer"),
      daemonSet({ observedGeneration: 2 }),
      daemonSet({ desiredNumberScheduled: 0, numberReady: 0 }),
      daemonSet({ numberReady: 1 }),
      daemonSet(),
    ]);
    expect(await waitForCalico(api, patient)).to.include({ nodes: 2 });
  });

  const unready: readonly [unknown, RegExp][] = [
    [undefined, /there is no DaemonSet kube-system\/calico-node/],
    [new CouldNotAsk("the API server did not answer"), /the API server did not answer/],
    [daemonSet({ observedGeneration: 2 }), /its DaemonSet has just changed/],
    [daemonSet({ desiredNumberScheduled: 0, numberReady: 0 }), /it is meant for no node yet/],
    [daemonSet({ numberReady: 1 }), /calico-node is ready on 1 of 2 nodes/],
  ];
  for (const [state, reason] of unready) {
    it(`fails after its deadline with: ${reason.source}`, async () => {
      const { message, fix } = await failureOf(apiWith([state]));
      expect(message).to.match(reason);
      expect(fix).to.match(/kubectl -n kube-system describe daemonset calico-node/);
    });
  }

  it("fails while its CRDs are not served, because a policy could not be written", async () => {
    const { message } = await failureOf(apiWith([daemonSet()], { crds: false }));
    expect(message).to.match(/serves no crd\.projectcalico\.org\/v1/);
  });

  it("passes on at once what no waiting changes, such as a missing sign-in plugin", async () => {
    const error = new UserError("gke-gcloud-auth-plugin is not installed", "install it");
    expect(await failureOf(apiWith([error]))).to.equal(error);
  });
});
