import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { expect } from "chai";
import { execa } from "execa";

import { image } from "../../../lab/recipes/image.ts";
import { imageArchive, layerDigests, writeImages } from "../../../lab/recipes/imageArchive.ts";
import { writeLayer } from "../../../lab/recipes/layer.ts";

const context = (folder: string) => ({
  output: folder,
  of: (name: string) => join(folder, name),
  cache: folder,
  say: () => undefined,
  signal: new AbortController().signal,
});

describe("an image", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "provenet-image-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const list = async (file: string) =>
    (await execa("tar", ["--numeric-owner", "-tvf", file])).stdout
      .split("\n")
      .map((line) => line.replaceAll(/ +/g, " "));

  it("has a layer with sorted entries, fixed times, and the given owners and modes", async () => {
    await writeFile(join(folder, "program"), "x");
    await chmod(join(folder, "program"), 0o700);
    const file = join(folder, "layer.tar");
    await writeLayer(file, [
      { path: "/usr/bin/program", from: join(folder, "program") },
      { path: "/tmp", mode: 0o1777 },
      { path: "/etc/passwd", text: "root\n", uid: 1, gid: 2 },
      { path: "/bin", link: "usr/bin" },
    ]);
    expect(await list(file)).to.deep.equal([
      "lrwxrwxrwx 0/0 0 2025-10-22 00:00 bin -> usr/bin",
      "-rw-r--r-- 1/2 5 2025-10-22 00:00 etc/passwd",
      "drwxrwxrwt 0/0 0 2025-10-22 00:00 tmp",
      "-rwxr-xr-x 0/0 1 2025-10-22 00:00 usr/bin/program",
    ]);
  });

  it("copies a folder with its links, and lets a later entry replace one of its files", async () => {
    await mkdir(join(folder, "lua", "deep"), { recursive: true });
    await writeFile(join(folder, "lua", "a"), "old");
    await symlink("a", join(folder, "lua", "b"));
    const file = join(folder, "layer.tar");
    await writeLayer(file, [
      { path: "/lua", from: join(folder, "lua") },
      { path: "/lua/a", text: "newer" },
    ]);
    expect((await list(file)).map((line) => line.split(" ").slice(5).join(" "))).to.deep.equal([
      "lua",
      "lua/a",
      "lua/b -> a",
      "lua/deep",
    ]);
    expect((await execa("tar", ["-xOf", file, "lua/a"])).stdout).to.equal("newer");
  });

  it("gives a program its file capability", async () => {
    await writeFile(join(folder, "program"), "x");
    const file = join(folder, "layer.tar");
    await writeLayer(file, [
      { path: "/program", from: join(folder, "program"), capabilities: 1 << 10 },
    ]);
    const content = (await readFile(file)).toString("latin1");
    expect(content).to.contain("SCHILY.xattr.security.capability=\x01\0\0\x02\0\x04\0\0");
  });

  it("has equal bytes when it is made twice", async () => {
    const digests = [];
    for (const name of ["first.tar", "second.tar"]) {
      await writeLayer(join(folder, name), [
        { path: "/a", text: "a" },
        { path: "/b", mode: 0o700 },
      ]);
      digests.push(
        createHash("sha256")
          .update(await readFile(join(folder, name)))
          .digest("hex"),
      );
    }
    expect(digests[0]).to.equal(digests[1]);
  });

  it("applies edits to a text, and refuses an edit without a match", async () => {
    await mkdir(join(folder, "program"));
    await writeFile(join(folder, "program", "file"), "one\nhttp2 on;\ntwo\n");
    const made = (find: string) =>
      image("x", {
        image: "provenet.lab/x:1",
        needs: ["program"],
        config: {},
        entries: [{ path: "/f", from: "program:file", edits: [{ find, put: "" }] }],
      }).build(context(folder));
    await made("^http2 on;\n");
    const description = JSON.parse(await readFile(join(folder, "image.json"), "utf8")) as unknown;
    expect(description).to.have.nested.property("entries[0].text", "one\ntwo\n");
    expect(description).to.not.have.nested.property("entries[0].from");
    const refusal = await made("^http3 on;\n").catch((error: unknown) => error);
    expect(refusal)
      .to.be.an("error")
      .with.property("message")
      .that.matches(/has no match for/);
  });

  it("stores project files itself and names no project path, so it outlives the checkout", async () => {
    const made = image("web", {
      image: "provenet.lab/web:1",
      config: {},
      entries: [{ path: "/etc/nginx/nginx.conf", from: "project:images/web/nginx.conf" }],
    });
    expect(JSON.stringify(made.values)).to.not.contain("images/web");
    await mkdir(join(folder, "web"));
    await made.build({ ...context(folder), output: join(folder, "web") });
    expect(await readFile(join(folder, "web", "image.json"), "utf8")).to.not.contain("images/web");
    await writeImages(["web"], (name) => join(folder, name), folder);
    const { stdout } = await execa("tar", [
      ...["-xOf", join(folder, "web.tar"), "etc/nginx/nginx.conf"],
    ]);
    expect(stdout).to.equal((await readFile("images/web/nginx.conf", "utf8")).trimEnd());
  });

  it("shares the layer below with others in one archive", async () => {
    await mkdir(join(folder, "base"));
    await writeLayer(join(folder, "base", "layer.tar"), [{ path: "/base", text: "b" }]);
    for (const name of ["one", "two"]) {
      await mkdir(join(folder, name));
      const part = image(name, {
        image: `provenet.lab/${name}:1`,
        base: "base",
        config: { Cmd: [name] },
        entries: [{ path: `/${name}`, text: name }],
      });
      await part.build({ ...context(folder), output: join(folder, name) });
    }
    const written = await writeImages(["one", "two"], (name) => join(folder, name), folder);
    expect(await layerDigests(written)).to.have.length(3);
    const archive = join(folder, "archive.tar");
    await pipeline(imageArchive(written), createWriteStream(archive));
    const files = (await list(archive)).map((line) => line.split(" ").at(-1) ?? "");
    expect(files.filter((file) => file.endsWith(".tar"))).to.have.length(3);
    const manifest = JSON.parse(
      (await execa("tar", ["-xOf", archive, "manifest.json"])).stdout,
    ) as { RepoTags: string[]; Layers: string[] }[];
    expect(manifest.map(({ RepoTags }) => RepoTags)).to.deep.equal([
      ["provenet.lab/one:1"],
      ["provenet.lab/two:1"],
    ]);
    expect(manifest[0]?.Layers[0]).to.equal(manifest[1]?.Layers[0]);
  });
});
