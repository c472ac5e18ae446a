import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { execa } from "execa";

import type { Directories } from "../../../lab/directories.ts";
import { LabFault } from "../../../lab/fault.ts";
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

  it("are a client and a router that forwards, joined by a cable, with no way out", async () => {
    await makeNamespaces(directories);
    expect(await inNamespace("client", "ip", "-br", "-4", "address")).to.match(
      /uplink@\S+ +\S+ +192\.168\.75\.123\/24/,
    );
    expect(await inNamespace("lab", "ip", "-br", "-4", "address")).to.match(
      /client@\S+ +\S+ +192\.168\.75\.11\/24/,
    );
    expect(await inNamespace("lab", "cat", "/proc/sys/net/ipv4/ip_forward")).to.equal("1");
    for (const which of ["client", "lab"]) {
      expect(await inNamespace(which, "ip", "route", "show", "default")).to.equal("");
    }
  });

  it("can be made twice, and leave the machine's own network as it is", async () => {
    const links = async () => (await execa("ip", ["-o", "link"])).stdout;
    const before = await links();
    await makeNamespaces(directories);
    await makeNamespaces(directories);
    expect(await links()).to.equal(before);
  });

  it("are gone without a trace once they are removed", async () => {
    const mounts = () => readFile("/proc/self/mounts", "utf8");
    const before = await mounts();
    await makeNamespaces(directories);
    await removeNamespaces(directories);
    expect(existsSync(namespacePath(`${name}-client`))).to.equal(false);
    expect(await mounts()).to.equal(before);
  });

  it("are refused when something else made them", async () => {
    await makeNamespaces(directories);
    const refusal = await assertOurs(directories, "/a/project").catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(LabFault);
    expect(String(refusal))
      .to.match(/belong to something else/)
      .and.match(/PROVENET_LAB=second/);
  });

  it("are refused to another checkout of the project, by its path", async () => {
    await claim(directories, "/a/project");
    await makeNamespaces(directories);
    await assertOurs(directories, "/a/project");
    expect(await isOurs(directories, "/a/project")).to.equal(true);
    const refusal = await assertOurs(directories, "/b/project").catch((error: unknown) => error);
    expect(String(refusal)).to.match(/the lab of \/a\/project/);
  });

  it("give their names back, and the folder above them only when nobody else is in it", async () => {
    await claim(directories, "/a/project");
    const neighbour = join(directories.cache, "run", "other");
    await mkdir(neighbour);
    await writeFile(join(neighbour, "x"), "");
    await release(directories);
    expect(existsSync(directories.run)).to.equal(false);
    expect(existsSync(neighbour)).to.equal(true);
  });
});
