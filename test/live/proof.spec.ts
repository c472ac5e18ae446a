import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { execa } from "execa";
import { parse } from "yaml";

import { directoriesOf } from "../../lab/host/directories.ts";
import { minikubeHome } from "../../lab/host/minikubeHome.ts";
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
  type Place,
} from "./support/lab.ts";
import { commandLines, leftBehind, lookAtMachine, type MachineState } from "./support/machine.ts";

const web = "http://172.17.255.1/";
const ingressAddress = "192.168.49.200";
const host = "web.provenet.test";

/** A way to break the network by hand, and to repair it. */
interface Breakage {
  readonly title: string;
  readonly place: Place;
  readonly break: readonly string[];
  /** Without a command, `up` repairs it. */
  readonly repair?: readonly string[];
  /** The hop that the verdict must name, or the hops that it leaves open. */
  readonly says: RegExp;
}

const secondNode = "provenet-lab-m02";

/** DNS questions of the pods on one node. Those of other nodes arrive on another interface. */
const fromPodsToDns = ["-i", "cali+", "-p", "udp", "--dport", "53", "-j", "DROP"];

const breakages: readonly Breakage[] = [
  {
    title: "a second, on-link route on the client",
    place: "client",
    break: ["ip", "route", "add", "172.17.255.0/25", "dev", "uplink"],
    repair: ["ip", "route", "delete", "172.17.255.0/25", "dev", "uplink"],
    says: /broken at hop 2, client route/,
  },
  {
    title: "a router that does not forward",
    place: "router",
    break: ["sysctl", "-qw", "net.ipv4.ip_forward=0"],
    repair: ["sysctl", "-qw", "net.ipv4.ip_forward=1"],
    says: /hops 5 router forwarding and 7 router route possible/,
  },
  {
    title: "a REJECT in the router's forward chain",
    place: "router",
    break: ["iptables", "-I", "FORWARD", "1", "-j", "REJECT"],
    repair: ["iptables", "-D", "FORWARD", "-j", "REJECT"],
    says: /6 router firewall/,
  },
  {
    title: "one node whose pods get no answer from the cluster's DNS",
    place: "router",
    break: ["docker", "exec", secondNode, "iptables", "-I", "FORWARD", "1", ...fromPodsToDns],
    repair: ["docker", "exec", secondNode, "iptables", "-D", "FORWARD", ...fromPodsToDns],
    says: /cluster-dns broken: .*last answer: pods on provenet-lab-m02 get no answer$/m,
  },
  {
    title: "a pool that nobody announces",
    place: "client",
    break: ["kubectl", "delete", "l2advertisements.metallb.io", "-n", "metallb-system", "--all"],
    says: /broken at hop 9, address: no L2Advertisement selects the pool/,
  },
];

/**
 * Verifies until a proof fails. The router still sends packets to a withdrawn address until its
 * neighbour entry has expired, which takes up to a minute.
 */
async function verifyUntilBroken(): Promise<Outcome> {
  const limit = Date.now() + 300_000;
  let verdict = await npmRun("verify", ["lab"]);
  while (verdict.exitCode === 0 && Date.now() < limit) verdict = await npmRun("verify", ["lab"]);
  return verdict;
}

describe("the network on real packets", () => {
  let untouched: MachineState;
  let running: ReadonlyMap<number, string>;
  let up: Outcome;

  before(async () => {
    if (process.geteuid?.() !== 0) {
      throw new Error("the live tests create network namespaces: run them as root");
    }
    await npmRun("down", ["lab"]);
    untouched = await lookAtMachine();
    running = await commandLines();
  });

  after(async () => {
    await npmRun("down", ["lab"]);
  });

  it("comes up with one command, and proves every endpoint and the cluster's DNS", async () => {
    up = await npmRun("up", ["lab"]);
    expect(up.exitCode, up.output.slice(-4000)).to.equal(0);
    for (const endpoint of ["ingress", "web", "web-tcp", "web-ingress", "cluster-dns"]) {
      expect(up.output).to.match(new RegExp(`✓ ${endpoint} `));
    }
  });

  it("serves the client at the load balancer's address", async () => {
    const { output } = await inLab("client", ["curl", "--silent", "--max-time", "5", web]);
    expect(output).to.match(/^provenet web\npod web-/);
  });

  it("serves the client through the ingress by host name, and not by another name", async () => {
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

  it("gives the nodes copies of the machine's sysctls that a node sets, and none to write", async () => {
    const outside = ["find", "/proc/sys", "-path", "/proc/sys/net", "-prune", "-o"];
    const list = async (...condition: string[]) => {
      const find = [...outside, "-type", "f", ...condition, "-print"];
      const { stdout } = await inShell("lab", "router", ["docker", "exec", secondNode, ...find]);
      return stdout.trim().split("\n").sort();
    };
    const writable = await list("-writable");
    expect(writable).to.include.members([
      ...["/proc/sys/kernel/panic", "/proc/sys/kernel/panic_on_oops"],
      ...["/proc/sys/vm/overcommit_memory", "/proc/sys/fs/file-max"],
    ]);
    expect(await list("-fstype", "tmpfs")).to.deep.equal(writable);
  });

  it("has every pod's address from Calico, the DNS server's too", async () => {
    const { stdout } = await inShell("lab", "router", [
      ...["docker", "exec", "provenet-lab", "find", "/etc/cni/net.d", "-name", "*podman*"],
    ]);
    expect(stdout.trim()).to.equal("/etc/cni/net.d/87-podman-bridge.conflist.mk_disabled");
  });

  /** Neither the program nor what the API server and the commands say has a change. */
  async function expectNoChanges(...upOptions: readonly string[]): Promise<void> {
    const again = await npmRun("up", ["lab", ...upOptions]);
    expect(again.exitCode, again.output.slice(-4000)).to.equal(0);
    expect(again.output)
      .to.match(/changes +no changes/)
      .and.match(/✓ cluster-dns /);
    for (const options of [[], ["--refresh"]]) {
      const preview = await npmRun("preview", ["lab", "--expect-no-changes", ...options]);
      expect(preview.exitCode, preview.output.slice(-4000)).to.equal(0);
      expect(preview.output)
        .to.match(/\d+ unchanged/)
        .and.not.match(/to (create|update|delete|replace)/);
    }
  }

  it("changes nothing when it runs again, and previews no change, also after a refresh", async () => {
    await expectNoChanges();
    await expectNoChanges("--refresh");
  });

  it("changes nothing after the nodes were restarted and every certificate was renewed", async () => {
    const file = join(stateFolder, "kubeconfig-provenet-lab");
    const before = await readFile(file, "utf8");
    const minikube = (...command: readonly string[]) =>
      inShell("lab", "router", ["minikube", "--profile", "provenet-lab", ...command]);
    const renew = ["sudo", "/var/lib/minikube/binaries/v1.34.2/kubeadm", "certs", "renew", "all"];
    await minikube("ssh", "--", ...renew, "--cert-dir", "/var/lib/minikube/certs");
    await minikube("stop");
    // minikube makes a new certificate for the kubeconfig when the old one is gone.
    const home = minikubeHome(directoriesOf(labName));
    const profile = join(home, ".minikube", "profiles", "provenet-lab");
    for (const name of ["client.crt", "client.key"]) await rm(join(profile, name));
    await expectNoChanges();
    expect(await readFile(file, "utf8")).to.not.equal(before);
  });

  it("keeps the kubeconfig's keys out of state, output and process arguments", async () => {
    const kubeconfig = parse(
      await readFile(join(stateFolder, "kubeconfig-provenet-lab"), "utf8"),
    ) as {
      users: { user: Record<string, string> }[];
    };
    const key = kubeconfig.users[0]?.user["client-key-data"] ?? "";
    expect(key).to.have.length.greaterThan(500);
    const passphrase = (await readFile(join(stateFolder, "passphrase"), "utf8")).trim();
    const state = await checkpoint("lab");
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

  it("proves everything after Docker restarted the nodes and the kubeconfig reaches nothing", async () => {
    await inShell("lab", "router", ["docker", "restart", "provenet-lab", secondNode]);
    const file = join(stateFolder, "kubeconfig-provenet-lab");
    await writeFile(file, (await readFile(file, "utf8")).replace(/:8443\b/g, ":1"));
    const again = await npmRun("up", ["lab"]);
    expect(again.exitCode, again.output.slice(-4000)).to.equal(0);
    expect(again.output)
      .to.match(/minikube writes the kubeconfig again/)
      .and.match(/changes +no changes/)
      .and.match(/✓ cluster-dns /);
  });

  for (const breakage of breakages) {
    it(`finds ${breakage.title}, and proves everything after the repair`, async () => {
      await inShell("lab", breakage.place, breakage.break);
      try {
        const verdict = await verifyUntilBroken();
        expect(verdict.exitCode, verdict.output).to.equal(1);
        expect(verdict.output).to.match(breakage.says);
        expect(verdict.output).to.match(/asked: .+; last answer: .+/);
      } finally {
        if (breakage.repair) await inShell("lab", breakage.place, breakage.repair);
        else await npmRun("up", ["lab", "--refresh"]);
      }
      const repaired = await npmRun("verify", ["lab"]);
      expect(repaired.exitCode, repaired.output).to.equal(0);
    });
  }

  it("creates the cluster again after somebody deleted it", async () => {
    await inShell("lab", "router", ["minikube", "delete", "--all"]);
    const again = await npmRun("up", ["lab"]);
    expect(again.exitCode, again.output.slice(-4000)).to.equal(0);
    expect(again.output).to.match(/✓ web /);
  });

  it("leaves nothing behind after down", async () => {
    const listed = await inShell("lab", "router", ["docker", "ps", "--quiet", "--no-trunc"]);
    const containers = listed.stdout.trim().split("\n");
    expect(containers, "nodes").to.have.length(2);
    expect(await leftBehind(labName, containers, running)).to.not.deep.equal([]);
    const down = await npmRun("down", ["lab"]);
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

  it("are refused with one error that names the owner, and nothing is created", async () => {
    await execa("ip", ["netns", "add", foreign]);
    const up = await npmRun("up", ["lab"], { PROVENET_LAB: "t-live2" });
    expect(up.exitCode).to.not.equal(0);
    expect(up.output).to.match(/network namespace t-live2-client belongs to something else/);
    expect(up.output).to.not.match(/^\s+at /m);
    const created = (await readdir("/run/netns")).filter((name) => name.startsWith("t-live2"));
    expect(created).to.deep.equal([foreign]);
    expect(labName).to.not.equal("t-live2");
  });
});
