import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import {
  clusterOf,
  readOutputs,
  withDeadline,
  withDeadlineOfUp,
} from "../../../cli/commands/verify.ts";
import { UserError } from "../../../messages/errors.ts";
import { probeRequestSchema } from "../../../probe/request.ts";

const tcp = { ask: "tcp", name: "port", address: "192.0.2.1", port: 80 };
const whole = {
  urls: { web: "http://192.0.2.1/" },
  addresses: { web: "192.0.2.1" },
  requests: [tcp],
  verdicts: [],
  kubeconfigPath: ".provenet/kubeconfig",
  kubeconfigContext: "home",
  clusterUid: "uid-1",
};

describe("a request of verify", () => {
  it("gets verify's deadline, unless its own is shorter", () => {
    const deadlines = [30, 2].map(
      (deadlineSeconds) =>
        withDeadline(probeRequestSchema.parse({ ...tcp, deadlineSeconds })).deadlineSeconds,
    );
    expect(deadlines).to.deep.equal([7, 2]);
  });
});

describe("a request of up", () => {
  it("gives pods time after a restart, the more when up itself started the cluster", () => {
    const request = probeRequestSchema.parse({ ...tcp, deadlineSeconds: 2 });
    const deadlines = [false, true].map(
      (isStarted) => withDeadlineOfUp(request, isStarted).deadlineSeconds,
    );
    expect(deadlines).to.deep.equal([60, 300]);
  });
});

describe("the outputs of a stack", () => {
  it("are parsed when every proof succeeded", () => {
    expect(readOutputs(whole, "up").urls).to.deep.equal(whole.urls);
  });

  for (const [what, outputs] of [
    ["without requests", { ...whole, requests: undefined }],
    ["with no request at all", { ...whole, requests: [] }],
    ["with a request of another form", { ...whole, requests: [{ ask: "smoke" }] }],
  ] as const) {
    it(`cannot be verified ${what}, and the fix is up`, () => {
      expect(() => readOutputs(outputs, "`npm run up dev`")).to.throw(
        UserError,
        /ended before anything was proved/,
      );
    });
  }
});

describe("the cluster among the outputs", () => {
  it("is found below the home directory, as users write it", () => {
    const home = mkdtempSync(join(tmpdir(), "provenet-home-"));
    const before = process.env.HOME;
    process.env.HOME = home;
    try {
      writeFileSync(join(home, "config"), "");
      const recorded = { kubeconfigContext: "home", clusterUid: "uid-1" };
      expect(clusterOf({ kubeconfigPath: "~/config", ...recorded })).to.deep.equal({
        kubeconfig: join(home, "config"),
        context: "home",
        uid: "uid-1",
      });
      expect(clusterOf({ kubeconfigPath: "~/missing", ...recorded })).to.equal(undefined);
      expect(clusterOf({ kubeconfigPath: "~/config" })).to.equal(undefined);
    } finally {
      process.env.HOME = before;
      rmSync(home, { recursive: true });
    }
  });
});
