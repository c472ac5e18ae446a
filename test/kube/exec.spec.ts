import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { openApi } from "../../kube/api.ts";
import { CouldNotAsk } from "../../messages/errors.ts";
import { type Ending, type Received, serveExec } from "./execServer.ts";
import { kubeconfigText, secret, temporaryDirectory } from "./support.ts";

const target = { namespace: "n", pod: "p", container: "c", command: ["cat", "a b", "&x"] };

describe("a command in a pod", () => {
  const directory = temporaryDirectory();
  let close: (() => Promise<void>) | undefined;
  afterEach(async () => {
    await close?.();
    close = undefined;
  });

  /** Runs the command against a server that ends it like this. */
  async function run(ending: Ending, seconds = 60) {
    const received: Received[] = [];
    const server = await serveExec((command) => {
      received.push(command);
      return ending;
    });
    ({ close } = server);
    const file = join(directory(), "config");
    writeFileSync(file, kubeconfigText({ server: `http://127.0.0.1:${server.port}/base` }));
    const answer = await openApi(file)
      .run(target, seconds)
      .catch((error: unknown) => error);
    return { received, answer };
  }

  it("is sent as words, with the kubeconfig's token and the path of the server's URL", async () => {
    const { received } = await run({ exitCode: 0 });
    expect(received).to.deep.equal([
      {
        path: "/base/api/v1/namespaces/n/pods/p/exec",
        container: "c",
        command: target.command,
        authorization: `Bearer ${secret}`,
      },
    ]);
  });

  it("returns what was printed, and the exit code", async () => {
    expect((await run({ exitCode: 0, stdout: "one\n" })).answer).to.deep.equal({
      ...{ exitCode: 0, stdout: "one\n", stderr: "" },
    });
  });

  it("that fails is an answer", async () => {
    expect((await run({ exitCode: 2, stderr: "no\n" })).answer).to.deep.equal({
      ...{ exitCode: 2, stdout: "", stderr: "no\n" },
    });
  });

  it("that does not end is an answer without an exit code", async () => {
    expect((await run("silent", 0.2)).answer).to.deep.equal({
      ...{ exitCode: undefined, stdout: "", stderr: "" },
    });
  });

  const faults: readonly [string, Ending, RegExp][] = [
    ["a refusal", { refused: 403 }, /403/],
    ["a connection that ends early", "closed", /closed before the end/],
    [
      "a program that the image lacks",
      { status: { status: "Failure", reason: "InternalError", message: "no such file" } },
      /no such file/,
    ],
    ["a status without meaning", { status: {} }, /unexpected shape/],
  ];
  for (const [what, ending, why] of faults) {
    it(`cannot be asked after ${what}`, async () => {
      const { answer } = await run(ending);
      expect(answer).to.be.instanceOf(CouldNotAsk);
      expect((answer as Error).message)
        .to.match(/ran no cat in the pod n\/p/)
        .and.match(why);
      expect((answer as Error).message).to.not.contain(secret);
    });
  }

  it("cannot be asked when the server does not answer", async () => {
    const file = join(directory(), "config");
    const { port, close: stop } = await serveExec(() => "silent");
    await stop();
    writeFileSync(file, kubeconfigText({ server: `http://127.0.0.1:${port}` }));
    const answer = await openApi(file)
      .run(target, 60)
      .catch((error: unknown) => error);
    expect(answer).to.be.instanceOf(CouldNotAsk);
  });
});
