import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { execa } from "execa";

import type { Directories } from "../../../lab/host/directories.ts";
import { UserError } from "../../../messages/errors.ts";
import { makeNamespaces, removeNamespaces } from "../../../lab/host/namespaces.ts";
import { assertOurs, claim, isOurs, namespacePath, release } from "../../../lab/host/owner.ts";

const name = `t-${process.pid.toString(36)}`;

describe("the lab's namespaces", () => {
  let directories: Directories;

  before(() => {
    if (process.geteuid?.() !== 0) throw new Error("network namespaces need root");
  });
  beforeEach(async () => {
    const folder = await mkdtemp(join(tmpdir(), "provenet-lab-"));
    directories = { name, cache: folder, lab: join(folder, "lab"), run: join(folder, "run", name) };
  });
  afterEach(async () => {
    await removeNamespaces(directories);
    await rm(directories.cache, { recursive: true, force: true });
  });

  const inNamespace = async (which: string, ...command: string[]) =>
    (await execa("nsenter", [`--net=${namespacePath(`${name}-${which}`)}`, "--", ...command]))
      .stdout;

  it("are a client whose default route leads through a router that forwards and has no way out", async () => {
    await makeNamespaces(directories);
    expect(await inNamespace("client", "ip", "-br", "-4", "address")).to.match(
      /uplink@\S+ +\S+ +192\.168\.75\.123\/24/,
    );
    expect(await inNamespace("router", "ip", "-br", "-4", "address")).to.match(
      /client@\S+ +\S+ +192\.168\.75\.11\/24/,
    );
    expect(await inNamespace("router", "cat", "/proc/sys/net/ipv4/ip_forward")).to.equal("1");
    expect(await inNamespace("client", "ip", "route", "show", "default")).to.match(
      /^default via 192\.168\.75\.11 dev uplink/,
    );
    expect(await inNamespace("router", "ip", "route", "show", "default")).to.equal("");
  });

  it("carry the client's packets to any network behind the router", async () => {
    await makeNamespaces(directories);
    await inNamespace("router", "ip", "address", "add", "192.168.60.1/24", "dev", "lo");
    await inNamespace("client", "ping", "-c", "1", "-W", "5", "192.168.60.1");
  });

  it("get a missing piece back when they are made again", async () => {
    await makeNamespaces(directories);
    await inNamespace("client", "ip", "route", "delete", "default");
    await inNamespace("router", "ip", "address", "flush", "dev", "client");
    await makeNamespaces(directories);
    await inNamespace("client", "ping", "-c", "1", "-W", "5", "192.168.75.11");
  });

  it("can be made twice, and leave the machine's own network unchanged", async () => {
    const links = async () => (await execa("ip", ["-o", "link"])).stdout;
    const before = await links();
    await makeNamespaces(directories);
    await makeNamespaces(directories);
    expect(await links()).to.equal(before);
  });

  it("leave no trace after they are removed", async () => {
    const mounts = () => readFile("/proc/self/mounts", "utf8");
    const before = await mounts();
    await makeNamespaces(directories);
    await removeNamespaces(directories);
    expect(existsSync(namespacePath(`${name}-client`))).to.equal(false);
    expect(await mounts()).to.equal(before);
  });

  it("are refused when something else created them", async () => {
    await makeNamespaces(directories);
    const refusal = await assertOurs(directories, "/a/project").catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(UserError);
    expect(String(refusal)).to.match(/belong to something else/);
    expect((refusal as UserError).fix).to.match(/PROVENET_LAB=second/);
  });

  it("are refused to another checkout of the project, by its path", async () => {
    await claim(directories, "/a/project");
    await makeNamespaces(directories);
    await assertOurs(directories, "/a/project");
    expect(await isOurs(directories, "/a/project")).to.equal(true);
    const refusal = await assertOurs(directories, "/b/project").catch((error: unknown) => error);
    expect(String(refusal)).to.match(/the lab of \/a\/project/);
  });

  it("release their names, and remove the folder above only when no other lab is in it", async () => {
    await claim(directories, "/a/project");
    const neighbour = join(directories.cache, "run", "other");
    await mkdir(neighbour);
    await writeFile(join(neighbour, "x"), "");
    await release(directories);
    expect(existsSync(directories.run)).to.equal(false);
    expect(existsSync(neighbour)).to.equal(true);
  });
});
