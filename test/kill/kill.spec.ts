import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import { npmRun } from "../live/support/lab.ts";
import { containers, directories, labName, Run, stateFolder } from "./support/lab.ts";
import { leftovers, nothing } from "./support/leftovers.ts";
import { duringDown, duringUp, type Moment, readStateFile } from "./support/moments.ts";

/** How long a command may take to reach a moment. A busy machine needs minutes. */
const patienceMilliseconds = 900_000;

const lab = { PROVENET_LAB: labName };

/** Starts a command and kills it with everything that it started, at a moment. */
async function killAt(command: "up" | "down", moment: Moment, power = false): Promise<void> {
  const run = new Run(command);
  const until = Date.now() + patienceMilliseconds;
  while (!(await moment.hasCome())) {
    if (run.hasEnded || Date.now() > until) {
      await run.kill();
      throw new Error(`${command} ended before ${moment.name}:\n${run.output.slice(-4000)}`);
    }
    await delay(100);
  }
  expect(await run.kill(power), "killed processes").to.be.above(1);
}

async function downConverges(): Promise<void> {
  const { exitCode, output } = await npmRun("down", ["lab"], lab);
  expect(exitCode, output.slice(-4000)).to.equal(0);
  expect(await leftovers()).to.deep.equal(nothing);
}

/** Proves everything, with each node, route and resource there once. */
async function upConverges(): Promise<void> {
  const { exitCode, output } = await npmRun("up", ["lab"], lab);
  expect(exitCode, output.slice(-4000)).to.equal(0);
  for (const endpoint of ["ingress", "web", "web-tcp", "web-ingress"]) {
    expect(output).to.match(new RegExp(`✓ ${endpoint} `));
  }
  const nodes = (await containers()).map(({ name }) => name).sort();
  expect(nodes).to.deep.equal(["provenet-lab", "provenet-lab-m02"]);
  const inCluster = await npmRun(
    "shell",
    ["--stack", "lab", "--", "kubectl", "get", "nodes", "--output", "name"],
    lab,
  );
  expect(inCluster.stdout.trim().split("\n").sort()).to.deep.equal(
    nodes.map((name) => `node/${name}`),
  );
  const { recorded, pending } = await readStateFile();
  expect(pending).to.deep.equal([]);
  expect(new Set(recorded.map(({ urn }) => urn)).size).to.equal(recorded.length);
  const preview = await npmRun("preview", ["lab", "--expect-no-changes"], lab);
  expect(preview.exitCode, preview.output.slice(-4000)).to.equal(0);
}

describe("a run that is killed with everything that it started", () => {
  before(async () => {
    if (process.geteuid?.() !== 0) {
      throw new Error("the kill tests create network namespaces: run them as root");
    }
    await npmRun("down", ["lab"], lab);
    // The node image is loaded again, so that its moment comes.
    for (const folder of [directories.lab, stateFolder]) {
      await rm(folder, { recursive: true, force: true });
    }
    expect(await leftovers()).to.deep.equal(nothing);
  });

  after(async () => {
    await npmRun("down", ["lab"], lab);
    for (const folder of [directories.lab, stateFolder]) {
      await rm(folder, { recursive: true, force: true });
    }
  });

  const { namespaces, docker, image, engine, container, kubeadm } = duringUp;
  for (const moment of [namespaces, docker, image, engine, container, kubeadm]) {
    it(`leaves nothing after one down, when ${moment.name}`, async () => {
      await killAt("up", moment);
      await downConverges();
    });
  }

  it(`leaves nothing after one down, when ${kubeadm.name} and the power fails`, async () => {
    await killAt("up", kubeadm, true);
    await downConverges();
  });

  // Each further up has to get past the moment at which the one before was killed.
  const { apiServer, crds, join, metalLb, verification } = duringUp;
  it(`continues with the next up, when ${kubeadm.name} and the power fails`, async () => {
    await killAt("up", kubeadm, true);
  });
  for (const moment of [apiServer, crds, join, metalLb, verification]) {
    it(`continues with the next up, when ${moment.name}`, async () => {
      await killAt("up", moment);
    });
  }

  it("is completed by one more up", upConverges);

  // Each further down has to get past the moment at which the one before was killed.
  const { deletion, betweenNodes, labEnds } = duringDown;
  for (const moment of [deletion, betweenNodes, labEnds]) {
    it(`continues with the next down, when ${moment.name}`, async () => {
      await killAt("down", moment);
    });
  }

  it("leaves nothing after one more down", downConverges);
});
