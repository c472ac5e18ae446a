import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";
import { parse } from "yaml";

import { prove } from "../../../probe/prove.ts";
import {
  clusterIdentitySchema,
  clusterReadingSchema,
  type Expectation,
} from "../../../programs/kubeconfig/request.ts";
import {
  execUser,
  kubeconfigText,
  printCredential,
  secret,
  serveHttps,
  signedInOnly,
  temporaryDirectory,
  writePlugin,
} from "../../kube/support.ts";

const run = promisify(execFile);

const expected: Expectation = {
  podNetwork: "10.244.0.0/16",
  kubeProxyMode: "unknown",
  installCalico: false,
};
const node = {
  metadata: { name: "one" },
  spec: { podCIDRs: ["10.244.0.0/24"] },
  status: {
    addresses: [{ type: "InternalIP", address: "192.0.2.1" }],
    nodeInfo: { architecture: "amd64", kernelVersion: "6.6.95" },
  },
};

describe("a kubeconfig with an exec plugin", () => {
  const directory = temporaryDirectory();
  let nodesStatus = 200;
  let server: Awaited<ReturnType<typeof serveHttps>>;
  const write = (user: object): string => {
    const file = join(directory(), "config");
    writeFileSync(file, kubeconfigText(server.cluster, user));
    return file;
  };
  const program = (command: string, file: string, more: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, ["programs/kubeconfig/main.ts", command], {
      env: {
        ...process.env,
        KUBECONFIG: file,
        PROVENET_EXPECTED: JSON.stringify(expected),
        ...more,
      },
    });
  const failureOf = async (asked: Promise<unknown>): Promise<string> => {
    const failure = await asked.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.include({ code: 1 });
    return String((failure as { stderr: unknown }).stderr);
  };
  beforeEach(async () => {
    nodesStatus = 200;
    server = await serveHttps((request, response) => {
      const isRead = request.url === "/api/v1/nodes" && request.headers.authorization !== undefined;
      if (!isRead) {
        signedInOnly(request, response);
        return;
      }
      const refused = { kind: "Status", message: "nodes is forbidden" };
      const answer = nodesStatus === 200 ? { items: [node] } : refused;
      response.writeHead(nodesStatus).end(JSON.stringify(answer));
    });
    writePlugin(join(directory(), "plugin"), printCredential({ token: secret }));
  });
  afterEach(() => server.close());

  it("identifies an existing cluster", async () => {
    const { stdout } = await program("identify", write(execUser("./plugin")));
    expect(clusterIdentitySchema.parse(JSON.parse(stdout))).to.deep.equal({
      schemaVersion: 1,
      uid: "uid-1",
      context: "here",
    });
    expect(stdout).not.to.contain(secret);
  });

  it("is read for the Kubernetes provider, which signs in with the result", async () => {
    const { stdout } = await program("read", write(execUser("./plugin")));
    expect(stdout).not.to.contain(secret);
    const { kubeconfig, nodes } = clusterReadingSchema.parse(JSON.parse(stdout));
    expect(parse(kubeconfig)).to.have.nested.property("users[0].user.exec");
    expect(nodes.map(({ name }) => name)).to.deep.equal(["one"]);
    const copy = join(directory(), "copy");
    writeFileSync(copy, kubeconfig);
    const identified = await program("identify", copy);
    expect(identified.stdout).to.contain("uid-1");
  });

  it("lets the probe read the cluster", async () => {
    const request = {
      ask: "tcp",
      name: "api",
      address: "127.0.0.1",
      port: Number(new URL(server.url).port),
      service: { namespace: "web", name: "web" },
    } as const;
    const verdict = await prove(request, { kubeconfig: write(execUser("./plugin")) });
    expect(verdict.broken?.why).to.equal("there is no Service web/web");
  });

  it("is refused by read and by a repeated identify when another cluster answers", async () => {
    const file = write(execUser("./plugin"));
    const recorded = { PROVENET_CONTEXT: "here", PROVENET_CLUSTER_UID: "uid-2" };
    const previous = JSON.stringify({ schemaVersion: 1, uid: "uid-2" });
    for (const asked of [
      program("read", file, recorded),
      program("identify", file, { PULUMI_COMMAND_STDOUT: previous }),
    ]) {
      expect(await failureOf(asked)).to.match(
        /^error: the API server at .* its UID is uid-1 .* UID uid-2\nFix: correct/,
      );
    }
  });

  it("is refused when the cluster contradicts the configuration, before anything is changed", async () => {
    const file = write(execUser("./plugin"));
    const other = JSON.stringify({ ...expected, podNetwork: "10.0.0.0/16" });
    expect(await failureOf(program("read", file, { PROVENET_EXPECTED: other }))).to.match(
      /^error: the cluster contradicts the configuration:\n {2}provenet:cluster\.podNetwork: .*\nFix: /,
    );
  });

  for (const status of [401, 403]) {
    it(`is refused with one error when its nodes may not be listed (${status})`, async () => {
      nodesStatus = status;
      const failure = await failureOf(program("read", write(execUser("./plugin"))));
      expect(failure).to.match(
        new RegExp(
          `^error: the API server at .* answered ${status}: nodes is forbidden\nFix: use a kubeconfig whose user may do this\n$`,
        ),
      );
    });
  }

  it("gives the state of an earlier version its context", async () => {
    const previous = JSON.stringify({ schemaVersion: 1, uid: "uid-1" });
    const { stdout } = await program("identify", write(execUser("./plugin")), {
      PULUMI_COMMAND_STDOUT: previous,
    });
    expect(JSON.parse(stdout)).to.include({ uid: "uid-1", context: "here" });
  });

  it("fails with a fix when the plugin is missing", async () => {
    expect(await failureOf(program("identify", write(execUser("./none"))))).to.match(
      /^error: .*"\.\/none", which is not installed\nFix: install/,
    );
  });
});
