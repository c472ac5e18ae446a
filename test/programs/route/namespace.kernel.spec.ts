/**
 * The route's program against a real kernel: in a separate network namespace, where a client has
 * the network 192.168.75.0/24 on one interface. Needs root.
 */
import { execFile } from "node:child_process";
import { execFileSync } from "node:child_process";
import { expect } from "chai";

import type { RouteRecord } from "../../../programs/route/request.ts";

const namespace = `t-route-${process.pid}`;
const on = `netns:/run/netns/${namespace}`;
const pool = { on, to: "172.17.255.0/24", via: "192.168.75.11" };

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program as the command resource does. */
function run(word: string, request: object, last?: string): Promise<Outcome> {
  const env = {
    ...process.env,
    PROVENET_ROUTE: JSON.stringify(request),
    ...(last === undefined ? {} : { PULUMI_COMMAND_STDOUT: last }),
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["programs/route/main.ts", word],
      { env },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      },
    );
  });
}

const ip = (...words: string[]): string =>
  execFileSync("nsenter", [`--net=/run/netns/${namespace}`, "--", "ip", ...words], {
    encoding: "utf8",
  });

const routes = (): string[] =>
  ip("route")
    .trim()
    .split("\n")
    .map((line) => line.trim());

const recordOf = ({ stdout, stderr }: Outcome): RouteRecord => {
  expect(stderr).to.equal("");
  return JSON.parse(stdout) as RouteRecord;
};

describe("a route in a real kernel", function () {
  this.timeout(120_000);

  before(() => {
    if (process.getuid?.() !== 0) {
      throw new Error("these tests make a network namespace: run them as root");
    }
    execFileSync("ip", ["netns", "add", namespace]);
  });

  beforeEach(() => {
    ip("link", "add", "home", "type", "veth", "peer", "name", "away");
    ip("address", "add", "192.168.75.123/24", "dev", "home");
    for (const device of ["lo", "away", "home"]) ip("link", "set", device, "up");
  });

  afterEach(() => {
    // The routes go with the interface that they are through.
    ip("link", "delete", "home");
    ip("route", "flush", "table", "main");
  });

  after(() => {
    execFileSync("ip", ["netns", "delete", namespace]);
  });

  it("is added, proved, and removed", async () => {
    const before = routes();
    const added = await run("add", pool);
    expect(recordOf(added)).to.deep.equal({
      schemaVersion: 1,
      ...pool,
      added: true,
      device: "home",
    });
    expect(routes()).to.include("172.17.255.0/24 via 192.168.75.11 dev home proto 173");

    expect((await run("remove", pool, added.stdout)).code).to.equal(0);
    expect(routes()).to.deep.equal(before);
  });

  it("stays untouched when it existed before", async () => {
    ip("route", "add", pool.to, "via", pool.via);
    const before = routes();
    const found = await run("add", pool);
    expect(recordOf(found).added).to.equal(false);
    expect((await run("remove", pool, found.stdout)).code).to.equal(0);
    expect(routes()).to.deep.equal(before);
  });

  it("is removable after a run that was killed before it printed its record", async () => {
    await run("add", pool);
    expect(recordOf(await run("add", pool)).added).to.equal(true);
  });

  it("moves to another gateway", async () => {
    const first = await run("add", pool);
    const second = await run("update", { ...pool, via: "192.168.75.12" }, first.stdout);
    expect(recordOf(second).via).to.equal("192.168.75.12");
    expect(routes().filter((route) => route.startsWith("172.17.255.0/24"))).to.deep.equal([
      "172.17.255.0/24 via 192.168.75.12 dev home proto 173",
    ]);
  });

  it("is added again by an update after it was removed by hand", async () => {
    const first = await run("add", pool);
    ip("route", "delete", pool.to);
    expect(recordOf(await run("update", pool, first.stdout)).added).to.equal(true);
  });

  it("counts as removed when it, or the whole namespace, is gone", async () => {
    const { stdout } = await run("add", pool);
    ip("route", "delete", pool.to);
    expect((await run("remove", pool, stdout)).code).to.equal(0);

    const elsewhere = stdout.replaceAll(namespace, `${namespace}-gone`);
    expect((await run("remove", pool, elsewhere)).code).to.equal(0);
  });

  it("leaves a foreign route that replaced it", async () => {
    const { stdout } = await run("add", pool);
    ip("route", "replace", pool.to, "via", pool.via, "proto", "static");
    expect((await run("remove", pool, stdout)).code).to.equal(0);
    expect(routes().join()).to.contain(pool.to);
  });

  it("is refused without a change when the kernel would accept but not use it", async () => {
    // The seed of it all: one's own address as the gateway, which the kernel takes for "on the link".
    ip("route", "add", pool.to, "via", "192.168.75.123");
    const before = routes();
    const { code, stderr } = await run("add", pool);
    expect(code).to.equal(1);
    expect(stderr).to.contain("192.168.75.123 is this host itself");
    expect(routes()).to.deep.equal(before);
  });

  it("is refused and removed when a rule sends packets elsewhere", async () => {
    ip("rule", "add", "to", pool.to, "table", "77");
    ip("route", "add", "unreachable", "default", "table", "77");
    const before = routes();
    try {
      const { code, stderr } = await run("add", pool);
      expect(code).to.equal(1);
      expect(stderr).to.contain("sends packets to 172.17.255.1 to no gateway");
      expect(routes()).to.deep.equal(before);
    } finally {
      ip("rule", "delete", "to", pool.to, "table", "77");
    }
  });

  it("is refused with the namespace's name when it does not exist", async () => {
    const { code, stderr } = await run("add", { ...pool, on: `${on}-gone` });
    expect(code).to.equal(1);
    expect(stderr).to.contain(`${namespace}-gone`).and.to.contain("Fix: start what creates");
  });

  it("works for IPv6", async () => {
    ip("address", "add", "fd00:75::7/64", "dev", "home", "nodad");
    const request = { on, to: "fd00:255::/64", via: "fd00:75::1" };
    const added = await run("add", request);
    expect(recordOf(added)).to.include({ added: true, device: "home" });
    expect((await run("remove", request, added.stdout)).code).to.equal(0);
    expect(ip("-6", "route")).not.to.contain("fd00:255::/64");
  });
});
