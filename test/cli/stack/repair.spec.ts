import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { assertReadable, dropPendingOperations, repair } from "../../../cli/stack/repair.ts";
import type { Session } from "../../../cli/stack/session.ts";
import { UserError } from "../../../messages/errors.ts";
import { clusterRequest as settings } from "../../support/cluster.ts";

const cluster = "urn:pulumi:lab::provenet::provenet:cluster:MinikubeCluster::cluster";
const interrupted = "urn:pulumi:lab::provenet::kubernetes:core/v1:Namespace::web-namespace";

function exportOf(resources: readonly string[], pending: readonly string[] = []) {
  return {
    version: 3,
    deployment: {
      resources: resources.map((urn) => ({ urn })),
      pending_operations: pending.map((urn) => ({ type: "creating", resource: { urn } })),
    },
  };
}

describe("the state of a killed run", () => {
  let folder: string;
  const calls: unknown[] = [];
  const lines: string[] = [];
  const tell = (line: string) => void lines.push(line);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "provenet-repair-"));
    calls.length = 0;
    lines.length = 0;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A session whose stack is `exported`, and whose cluster program finds `finding`, then `later`. */
  function session(
    exported: object | undefined,
    finding?: object,
    isInOwnBackend = true,
    later = finding,
  ): Session {
    const print = (found: object | undefined) => `echo '${JSON.stringify(found)}'`;
    const count = `$(grep -c ^find ${folder}/calls)`;
    const answer =
      finding === undefined
        ? "exit 1"
        : `if [ "${count}" = 1 ]; then ${print(finding)}; else ${print(later)}; fi`;
    const script = `#!/bin/sh\necho "$2 $PROVENET_CLUSTER" >> ${folder}/calls\ncat > /dev/null\n${answer}\n`;
    writeFileSync(join(folder, "node"), script);
    chmodSync(join(folder, "node"), 0o755);
    const stack = {
      isInOwnBackend,
      export: () => Promise.resolve(exported),
      import: (deployment: unknown) => Promise.resolve(void calls.push(deployment)),
      forget: (urn: string) => Promise.resolve(void calls.push(urn)),
    };
    const variables = () => ({ PATH: `${folder}:/usr/bin:/bin` });
    const workplace = { enter: () => [], variables };
    return { stackName: "lab", stack, workplace } as unknown as Session;
  }
  const programCalls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");

  it("loses the operations that had begun, and names the first", async () => {
    await dropPendingOperations(session(exportOf([cluster], [interrupted])), tell);
    expect(calls).to.deep.equal([exportOf([cluster])]);
    expect(lines).to.deep.equal([
      "an earlier run was killed during web-namespace, which is repeated now",
    ]);
  });

  for (const [urn, lines] of [
    [
      "gcp:compute/network:Network::cluster-network-vpc",
      /cluster-network-vpc' --import-pending-creates provenet$/,
    ],
    [
      "gcp:container/cluster:Cluster::cluster-control-plane",
      /cluster-control-plane' --import-pending-creates europe-west1\/provenet$/,
    ],
    [
      "gcp:compute/routerNat:RouterNat::cluster-network-nat",
      /cluster-network-nat' --import-pending-creates REGION\/ROUTER\/provenet$/,
    ],
  ] as const) {
    it(`stops before an unfinished create in a cloud is repeated or forgotten: ${urn}`, async () => {
      const exported = exportOf([cluster], [`urn:pulumi:gke::provenet::${urn}`]);
      const [operation] = exported.deployment.pending_operations;
      const inputs = { name: "provenet", location: "europe-west1" };
      Object.assign(operation?.resource ?? {}, { inputs });
      const error = await dropPendingOperations(session(exported), tell).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(UserError);
      expect((error as UserError).message).to.match(lines);
      expect((error as UserError).fix).not.to.contain("abandon");
      expect(calls).to.deep.equal([]);
    });
  }

  it("repeats an unfinished update or deletion in a cloud", async () => {
    const exported = exportOf([cluster], ["urn:pulumi:gke::p::gcp:compute/address:Address::a"]);
    for (const operation of exported.deployment.pending_operations) operation.type = "updating";
    await dropPendingOperations(session(exported), tell);
    expect(calls).to.have.length(1);
  });

  it("stays as it is in a backend that others use too, and when nothing had begun", async () => {
    await dropPendingOperations(session(exportOf([], [interrupted]), undefined, false), tell);
    await dropPendingOperations(session(exportOf([cluster])), tell);
    expect({ calls, lines }).to.deep.equal({ calls: [], lines: [] });
  });

  it("loses a cluster that is gone, with the reason", async () => {
    await repair(
      session(exportOf([cluster]), {
        schemaVersion: 1,
        state: "lost",
        urn: cluster,
        why: "no nodes",
      }),
      tell,
    );
    expect(calls).to.deep.equal([cluster]);
    expect(lines.join()).to.match(/^the cluster is gone \(no nodes\)/);
  });

  it("keeps a stopped cluster, which is started with its recorded settings", async () => {
    const finding = { schemaVersion: 1, state: "stopped", urn: cluster, settings };
    expect(await repair(session(exportOf([cluster]), finding), tell)).to.equal(true);
    expect(calls).to.deep.equal([]);
    expect(programCalls().map((call) => call.trim())).to.deep.equal([
      "find",
      `resume ${JSON.stringify(settings)}`,
    ]);
  });

  it("gets a new kubeconfig for a cluster that does not answer, and looks at it again", async () => {
    const unreachable = { schemaVersion: 1, state: "unreachable", urn: cluster, settings };
    const running = { ...unreachable, state: "running" };
    const other = { schemaVersion: 1, state: "lost", urn: cluster, why: "its UID is another" };
    const resume = `resume ${JSON.stringify(settings)}`;
    for (const [later, isStarted, forgotten, more] of [
      [running, true, [], []],
      [other, false, [cluster], []],
      [unreachable, true, [], [resume]],
    ] as const) {
      calls.length = 0;
      rmSync(join(folder, "calls"), { force: true });
      const found = session(exportOf([cluster]), unreachable, true, later);
      expect(await repair(found, tell, -1)).to.equal(isStarted);
      expect(calls).to.deep.equal(forgotten);
      expect(programCalls().map((call) => call.trim())).to.deep.equal([
        "find",
        `update-context ${JSON.stringify(settings)}`,
        "find",
        ...more,
      ]);
    }
  });

  it("cannot be read while its cluster is stopped or does not answer", async () => {
    const readable = async (state: string) => {
      const found = session(exportOf([cluster]), {
        schemaVersion: 1,
        state,
        urn: cluster,
        settings,
      });
      return assertReadable(found).then(
        () => "readable",
        (error: unknown) => (error as UserError).message,
      );
    };
    expect(await readable("stopped")).to.match(/^the cluster is stopped/);
    expect(await readable("unreachable")).to.match(/^the cluster's API server does not answer/);
    expect(await readable("running")).to.equal("readable");
    await assertReadable(session(exportOf([interrupted])));
  });

  it("keeps a running cluster, and asks about none when the stack has none", async () => {
    const finding = { schemaVersion: 1, state: "running", urn: cluster, settings };
    expect(await repair(session(exportOf([cluster]), finding), tell)).to.equal(false);
    await repair(session(exportOf([interrupted])), tell);
    expect({ calls, lines }).to.deep.equal({ calls: [], lines: [] });
    expect(programCalls()).to.have.length(1);
  });

  it("stays as it is when the cluster cannot be asked about", async () => {
    const error = await repair(session(exportOf([cluster])), tell).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(UserError);
    expect((error as UserError).fix).to.contain("npm run down lab -- --abandon");
    expect(calls).to.deep.equal([]);
  });
});
