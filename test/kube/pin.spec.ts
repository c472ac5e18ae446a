import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { z } from "zod";

import { clusterUid, openApi } from "../../kube/api.ts";
import { pinIn } from "../../kube/pin.ts";
import { UserError } from "../../messages/errors.ts";
import { kubeconfigText, serveHttps, signedInOnly, temporaryDirectory } from "./support.ts";

const clusterSchema = z.unknown();

describe("the pin in an environment", () => {
  it("has a context and a UID, and an empty variable is unset", () => {
    expect(pinIn({ PROVENET_CONTEXT: "home", PROVENET_CLUSTER_UID: "" })).to.deep.equal({
      context: "home",
      uid: undefined,
    });
  });
});

describe("the API of a recorded cluster", () => {
  const directory = temporaryDirectory();
  let server: Awaited<ReturnType<typeof serveHttps>>;
  let requests: string[] = [];
  let file: string;
  beforeEach(async () => {
    requests = [];
    server = await serveHttps((request, response) => {
      requests.push(request.url ?? "");
      signedInOnly(request, response);
    });
    file = join(directory(), "config");
    writeFileSync(file, kubeconfigText(server.cluster));
  });
  afterEach(() => server.close());

  it("is read when its UID is the recorded one, which is asked for once", async () => {
    const api = openApi(file, { context: "here", uid: "uid-1" });
    await api.get("/a", clusterSchema);
    await api.get("/b", clusterSchema);
    expect(requests).to.deep.equal(["/api/v1/namespaces/kube-system", "/a", "/b"]);
  });

  it("is refused when another cluster answers, before anything else is sent", async () => {
    const api = openApi(file, { context: "here", uid: "uid-2" });
    const failures = await Promise.all(
      [clusterUid(api), api.patch("/a", {}), api.waitUntilReady(5)].map((asked) =>
        asked.then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    );
    for (const failure of failures) {
      expect(failure).to.be.instanceOf(UserError);
      expect(String(failure)).to.match(/its UID is uid-1 through the context "here", .* uid-2$/);
    }
    expect(requests).to.deep.equal(["/api/v1/namespaces/kube-system"]);
  });
});
