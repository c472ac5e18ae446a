import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { execa } from "execa";
import { parse } from "yaml";

import {
  checkpoint,
  inLab,
  inShell,
  labName,
  npmRun,
  projectRoot,
  stateFolder,
  transcript,
  type Outcome,
} from "./support/lab.ts";
import { commandLines, leftBehind, lookAtMachine, type MachineState } from "./support/machine.ts";

const web = "http://172.17.255.1/";
const ingressAddress = "192.168.49.200";
const host = "web.provenet.test";

/** A way to break the network by hand, and to mend it. */
interface Breakage {
  readonly title: string;
  readonly namespace: "client" | "lab";
  readonly break: readonly string[];
  readonly mend: readonly string[] | undefined;
  /** What the verdict must say: the hop it names, or the hops between which it stops. */
  readonly says: RegExp;
}

const breakages: readonly Breakage[] = [
  {
    title: "a second, on-link route on the client",
    namespace: "client",
    break: ["ip", "route", "add", "172.17.255.0/25", "dev", "uplink"],
    mend: ["ip", "route", "delete", "172.17.255.0/25", "dev", "uplink"],
    says: /broken at hop 2, client route/,
  },
  {
    title: "a router that does not forward",
    namespace: "lab",
    break: ["sysctl", "-qw", "net.ipv4.ip_forward=0"],
    mend: ["sysctl", "-qw", "net.ipv4.ip_forward=1"],
    says: /hops 5 router forwarding and 7 router route possible/,
  },
  {
    title: "a REJECT in the router's forward chain",
    namespace: "lab",
    break: ["iptables", "-I", "FORWARD", "1", "-j", "REJECT"],
    mend: ["iptables", "-D", "FORWARD", "-j", "REJECT"],
    says: /6 router firewall/,
  },
  {
    title: "a pool that nobody announces",
    namespace: "client",
    break: ["kubectl", "delete", "l2advertisements.metallb.io", "-n", "metallb-system", "--all"],
    mend: undefined,
    says: /broken at hop 9, address: no L2Advertisement selects the pool/,
  },
];

describe("the network on real packets", () => {
  let untouched: MachineState;
  let running: ReadonlyMap<number, string>;
  let up: Outcome;

  before(async () => {
    if (process.geteuid?.() !== 0)
      throw new Error("the live tests make network namespaces: run them as root");
    await npmRun("down", []);
    untouched = await lookAtMachine();
    running = await commandLines();
  });

  after(async () => {
    await npmRun("down", []);
  });

  it("comes up with one command and ends with the verdict", async () => {
    up = await npmRun("up", []);
    expect(up.exitCode, up.output.slice(-4000)).to.equal(0);
    for (const check of ["check-web-route", "check-web-page", "check-web-ingress"]) {
      expect(up.output).to.match(new RegExp(`✓ ${check}\\b`));
    }
  });

  it("answers the client on the load balancer's address", async () => {
    const { output } = await inLab("client", ["curl", "--silent", "--max-time", "5", web]);
    expect(output).to.match(/^provenet web\npod web-/);
  });

  it("answers the client through the ingress by host name, and by no other name", async () => {
    const ask = (name: string) =>
      inLab("client", [
        ...["curl", "--silent", "--max-time", "5", "--write-out", "%{http_code}"],
        ...["--header", `Host: ${name}`, `http://${ingressAddress}/`],
      ]);
    expect((await ask(host)).output).to.match(/^provenet web\npod web-[^]*200$/);
    expect((await ask("other.provenet.test")).output).to.match(/404$/);
  });

  it("does not leak into the machine's own network", async () => {
    const now = await lookAtMachine();
    expect(now.interfaces).to.deep.equal(untouched.interfaces);
    expect(now.routes).to.equal(untouched.routes);
    expect(now.sysctls).to.deep.equal(untouched.sysctls);
  });

  it("changes nothing when it is run again, and previews nothing", async () => {
    const again = await npmRun("up", []);
    expect(again.exitCode, again.output.slice(-4000)).to.equal(0);
    expect(again.output).to.match(/changes +no changes/);
    const preview = await npmRun("preview", []);
    expect(preview.exitCode).to.equal(0);
    expect(preview.output)
      .to.match(/\d+ unchanged/)
      .and.not.match(/to (create|update|delete|replace)/);
  });

  it("keeps the kubeconfig's keys out of state, output and process arguments", async () => {
    const kubeconfig = parse(await readFile(join(stateFolder, "kubeconfig-provenet"), "utf8")) as {
      users: { user: Record<string, string> }[];
    };
    const key = kubeconfig.users[0]?.user["client-key-data"] ?? "";
    expect(key).to.have.length.greaterThan(500);
    const passphrase = (await readFile(join(stateFolder, "passphrase"), "utf8")).trim();
    const state = await checkpoint();
    expect(state).to.contain("ciphertext");
    const decoded = Buffer.from(key, "base64").toString().split("\n")[1] ?? key;
    for (const secret of [key, key.slice(0, 60), decoded, passphrase]) {
      expect(state).to.not.contain(secret);
      expect(transcript.join("\n")).to.not.contain(secret);
      expect([...up.seen].join("\n")).to.not.contain(secret);
    }
    const { stdout } = await execa("find", [stateFolder, "-name", "kubeconfig-*", "-perm", "/077"]);
    expect(stdout, "kubeconfigs that others may read").to.equal("");
  });

  for (const breakage of breakages) {
    it(`notices ${breakage.title}, names it, and is content once it is mended`, async () => {
      await inShell(breakage.namespace, breakage.break);
      try {
        const verdict = await npmRun("verify", []);
        expect(verdict.exitCode, verdict.output).to.equal(1);
        expect(verdict.output).to.match(breakage.says);
        expect(verdict.output).to.match(/asked: .+; last answer: .+/);
      } finally {
        if (breakage.mend) await inShell(breakage.namespace, breakage.mend);
        else await npmRun("up", ["--refresh"]);
      }
      const mended = await npmRun("verify", []);
      expect(mended.exitCode, mended.output).to.equal(0);
    });
  }

  it("builds the cluster again that somebody deleted behind its back", async () => {
    await inShell("lab", ["minikube", "delete", "--all"]);
    const again = await npmRun("up", []);
    expect(again.exitCode, again.output.slice(-4000)).to.equal(0);
    expect(again.output).to.match(/✓ check-web-page\b/);
  });

  it("leaves nothing behind when it is taken down", async () => {
    const listed = await inShell("lab", ["docker", "ps", "--quiet", "--no-trunc"]);
    const containers = listed.stdout.trim().split("\n");
    expect(containers, "nodes").to.have.length(2);
    expect(await leftBehind(labName, containers, running)).to.not.deep.equal([]);
    const down = await npmRun("down", []);
    expect(down.exitCode, down.output.slice(-4000)).to.equal(0);
    expect(await lookAtMachine()).to.deep.equal(untouched);
    expect(await leftBehind(labName, containers, running)).to.deep.equal([]);
  });
});

describe("names that are taken", () => {
  const foreign = "t-live2-client";

  afterEach(async () => {
    await execa("ip", ["netns", "delete", foreign], { reject: false });
    await rm(join(projectRoot, ".provenet", "t-live2"), { recursive: true, force: true });
  });

  it("are refused with one error that says whose they are, and nothing is made", async () => {
    await execa("ip", ["netns", "add", foreign]);
    const up = await npmRun("up", [], { PROVENET_LAB: "t-live2" });
    expect(up.exitCode).to.not.equal(0);
    expect(up.output).to.match(/network namespace t-live2-client belongs to something else/);
    expect(up.output).to.not.match(/^\s+at /m);
    const made = (await readdir("/run/netns")).filter((name) => name.startsWith("t-live2"));
    expect(made).to.deep.equal([foreign]);
    expect(labName).to.not.equal("t-live2");
  });
});
