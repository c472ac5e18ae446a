import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { parse } from "yaml";

import { clusterRequest } from "../support/cluster.ts";
import { checkpoint, inLab, inShell, npmRun, type Outcome, stateFolder } from "./support/lab.ts";
import {
  askPretended,
  askReal,
  invented,
  readingOf,
  type Situation,
} from "./support/minikubeAnswers.ts";
import { pollDuring } from "./support/polling.ts";
import { stackFileOf, writeStackFile } from "./support/stackFile.ts";

/** A copy of dev with another node network, one pool more, and zones. */
const stack = "t-live-own";
const nodeNetwork = "192.168.60.0/24";
const pools = [
  { name: "home", addresses: ["192.168.60.200-192.168.60.239"] },
  { name: "extra", addresses: ["192.168.60.64/28"] },
];
const web = "192.168.60.64";
const zone = "topology.kubernetes.io/zone";
/**
 * The removed node may have announced the address. The router can send to its MAC address until its
 * neighbour entry expires, which takes up to a minute when no packet corrects the entry.
 */
const toleratedSeconds = 60;
const added = `${stack}-m03`;

/** Writes the stack file for as many nodes as there are zones. */
const writeZones = (zones: readonly string[]) =>
  writeStackFile(stack, {
    cluster: { nodes: zones.length, nodeNetwork, labels: { [zone]: zones } },
    network: { pools },
    web: { pool: "extra" },
  });

const list = async <Item>(...what: string[]): Promise<Item[]> => {
  const { stdout } = await inShell(stack, "client", ["kubectl", "get", ...what, "-o", "json"]);
  return (JSON.parse(stdout) as { items: Item[] }).items;
};

/** The zone of each node, by the node's name. */
async function zones(): Promise<Record<string, string | undefined>> {
  interface Node {
    readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  }
  const nodes = await list<Node>("nodes");
  return Object.fromEntries(nodes.map(({ metadata: { name, labels } }) => [name, labels[zone]]));
}

interface Recorded {
  readonly urn: string;
  readonly id?: string;
  readonly modified?: string;
}

/** What the engine has recorded, by URN. */
async function recorded(): Promise<ReadonlyMap<string, Recorded>> {
  const { checkpoint: whole } = JSON.parse(await checkpoint(stack)) as {
    checkpoint: { latest: { resources: Recorded[] } };
  };
  return new Map(whole.latest.resources.map((resource) => [resource.urn, resource]));
}

/** Names of the resources that an `up` has created, deleted, replaced or updated. */
async function changedBy(work: () => Promise<Outcome>): Promise<{ names: string[]; up: Outcome }> {
  const before = await recorded();
  const up = await work();
  const after = await recorded();
  const names = [...new Set([...before.keys(), ...after.keys()])].flatMap((urn) => {
    const [old, now] = [before.get(urn), after.get(urn)];
    const name = urn.split("::").at(-1) ?? urn;
    if (old === undefined) return [`+${name}`];
    if (now === undefined) return [`-${name}`];
    if (old.id !== now.id) return [`+-${name}`];
    return old.modified === now.modified ? [] : [name];
  });
  return { names, up };
}

describe("a stack file in the lab", () => {
  before(async () => {
    await npmRun("down", [stack]);
    await writeZones(["lab-a", "lab-b"]);
  });

  after(async () => {
    await npmRun("down", [stack]);
    await rm(stackFileOf(stack), { force: true });
  });

  it("is built as it is, with its own pools, node network and zones", async () => {
    const up = await npmRun("up", [stack]);
    expect(up.exitCode, up.output.slice(-4000)).to.equal(0);

    interface Pool {
      readonly metadata: { readonly name: string };
      readonly spec: { readonly addresses: string[] };
    }
    const items = await list<Pool>("ipaddresspools.metallb.io", "-n", "metallb-system");
    const built = items.map(({ metadata, spec }) => ({
      name: metadata.name,
      addresses: spec.addresses,
    }));
    expect(built).to.have.deep.members(pools);
    expect(await zones()).to.deep.equal({ [stack]: "lab-a", [`${stack}-m02`]: "lab-b" });

    const answer = await inLab("client", ["curl", "--silent", "--max-time", "5", web]);
    expect(answer.output).to.match(/^provenet web\npod web-/);
    const effective = join(stateFolder, "workspace", `Pulumi.${stack}.yaml`);
    const source = parse(await readFile(stackFileOf(stack), "utf8")) as { config: object };
    expect(parse(await readFile(effective, "utf8"))).to.deep.include(source);
  });

  const steps = [
    { title: "gets a third node", zones: ["lab-a", "lab-b", "lab-c"] },
    // The ingress controller's only pod keeps its first node, because pods never move to a new one.
    { title: "loses its third node again", zones: ["lab-a", "lab-b"] },
  ];
  for (const step of steps) {
    it(`${step.title} in place while a client asks for the web application`, async () => {
      await writeZones(step.zones);
      const { result, polling } = await pollDuring(web, () =>
        changedBy(() => npmRun("up", [stack])),
      );
      const { requests, failed, longestSeconds } = polling;
      console.log(
        `    ${step.title}: ${failed} of ${requests} requests failed, ` +
          `longest time without an answer ${longestSeconds.toFixed(1)} s`,
      );
      expect(longestSeconds, "seconds without an answer").to.be.below(toleratedSeconds);
      expect(result.up.exitCode, result.up.output.slice(-4000)).to.equal(0);
      // The proof of the cluster's DNS asks from every node, so that it runs again.
      expect(result.names.sort()).to.deep.equal([
        "+-verification-cluster-dns-probe",
        "cluster-nodes",
      ]);
      const names = [stack, `${stack}-m02`, added];
      expect(await zones()).to.deep.equal(
        Object.fromEntries(step.zones.map((value, index) => [names[index], value])),
      );

      const preview = await npmRun("preview", [stack]);
      expect(preview.exitCode, preview.output).to.equal(0);
      expect(preview.output)
        .to.match(/\d+ unchanged/)
        .and.not.match(/to (create|update|delete|replace)/);
    });
  }

  const situations: readonly (readonly [Situation, string?])[] = [
    ["running"],
    ["unreachable"],
    ["missing"],
    ["stopped", "docker stop"],
    ["gone", "docker rm --force"],
  ];
  for (const [situation, command] of situations) {
    it(`has a minikube whose answers about a ${situation} node the unit tests' one gives`, async () => {
      if (command !== undefined) {
        await inShell(stack, "router", [...command.split(" "), `${stack}-m02`]);
      }
      const profile = situation === "missing" ? "missing" : stack;
      const nowhere = situation === "unreachable" ? "unix:///run/nowhere.sock" : undefined;
      const real = await askReal(stack, profile, nowhere);
      const pretended = await askPretended(situation);
      const pretendedProfile = situation === "missing" ? profile : clusterRequest.profile;
      expect(readingOf(pretended, pretendedProfile)).to.deep.equal(readingOf(real, profile));
      expect(invented(pretended, real)).to.deep.equal([]);
    });
  }
});
