import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { keyOf, type Part } from "../../../lab/build/part.ts";
import { PartStore } from "../../../lab/build/store.ts";
import { part } from "./given.ts";

const never = new AbortController().signal;
const silent = () => undefined;

describe("the key of a part", () => {
  const key = (changes: Partial<Part>, need = "a") => keyOf(part("x", changes), () => need);

  it("is the same for the same inputs", () => {
    expect(key({ values: { flag: 1 } })).to.equal(key({ values: { flag: 1 } }));
    expect(key({})).to.match(/^[0-9a-f]{16}$/);
  });

  const others: Record<string, Partial<Part>> = {
    "its version": { version: "2" },
    "its kind": { kind: "image" },
    "a flag": { values: { flag: 2 } },
    "a file of the project": { files: ["LICENSE"] },
  };
  for (const [what, changes] of Object.entries(others)) {
    it(`changes with ${what}`, () => {
      expect(key(changes)).to.not.equal(key({}));
    });
  }

  it("changes with the key of a part that it needs, and with no other key", () => {
    expect(key({ needs: ["n"] }, "a")).to.not.equal(key({ needs: ["n"] }, "b"));
    expect(key({}, "a")).to.equal(key({}, "b"));
  });

  it("stays the same when the project moves the part's sources, and changes with a name inside", async () => {
    const root = await mkdtemp(join(tmpdir(), "provenet-key-"));
    const made = async (folder: string, file: string) => {
      await mkdir(join(root, folder, "sub"), { recursive: true });
      await writeFile(join(root, folder, "sub", file), "content");
      const module = part("x", { files: [folder] });
      return keyOf(
        module,
        () => "",
        (path) => join(root, path),
      );
    };
    const here = await made("here", "a");
    expect(await made("lab/there", "a")).to.equal(here);
    expect(await made("other", "b")).to.not.equal(here);
    await rm(root, { recursive: true });
  });

  it("does not confuse one name's end with the next name's beginning", () => {
    const one = keyOf(part("x", { needs: ["ab", "c"] }), () => "");
    const other = keyOf(part("x", { needs: ["a", "bc"] }), () => "");
    expect(one).to.not.equal(other);
  });
});

describe("the store of parts", () => {
  let cache: string;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "provenet-store-"));
  });
  afterEach(() => rm(cache, { recursive: true, force: true }));

  it("builds into the directory that the key names", async () => {
    const store = new PartStore(cache, [part("one")]);
    expect(store.has("one")).to.equal(false);
    await store.build("one", silent, never);
    expect(store.has("one")).to.equal(true);
    expect(await readFile(join(store.directoryOf("one"), "made"), "utf8")).to.equal("one");
  });

  it("leaves nothing that looks complete when a build fails", async () => {
    const broken = part("one", {
      build: async ({ output }) => {
        await writeFile(join(output, "half"), "");
        throw new Error("no");
      },
    });
    const store = new PartStore(cache, [broken]);
    const outcome = await store.build("one", silent, never).catch((error: unknown) => error);
    expect(outcome).to.be.an("error").with.property("message", "no");
    expect(store.has("one")).to.equal(false);
    expect(await readdir(join(cache, "parts"))).to.deep.equal([]);
  });

  it("removes the older version after the new one is built", async () => {
    const old = new PartStore(cache, [part("one")]);
    await old.build("one", silent, never);
    const now = new PartStore(cache, [part("one", { version: "2" })]);
    await now.build("one", silent, never);
    expect(old.has("one")).to.equal(false);
    expect(now.has("one")).to.equal(true);
  });

  it("lists missing parts in the table's order, without those that only made an existing part", async () => {
    const table = [
      part("base"),
      part("middle", { needs: ["base"] }),
      part("top", { needs: ["middle"] }),
    ];
    const store = new PartStore(cache, table);
    expect(store.missing(["top"]).map(({ name }) => name)).to.deep.equal(["base", "middle", "top"]);
    await store.build("top", silent, never);
    expect(store.missing(["top"])).to.deep.equal([]);
    expect(store.missing(["middle"]).map(({ name }) => name)).to.deep.equal(["base", "middle"]);
  });

  it("lists a part early when the table has it early, whichever name is asked for first", () => {
    const table = [part("tool"), part("slow"), part("root", { needs: ["tool"] })];
    const store = new PartStore(cache, table);
    const names = store.missing(["slow", "root"]).map(({ name }) => name);
    expect(names).to.deep.equal(["tool", "slow", "root"]);
  });

  it("removes what a killed build left, and keeps what another process is building", async () => {
    const store = new PartStore(cache, []);
    const dead = join(cache, "parts", ".building-999999999-one");
    const alive = join(cache, "parts", `.building-${process.pid}-one`);
    await mkdir(dead, { recursive: true });
    await mkdir(alive);
    await store.sweep();
    expect(existsSync(dead)).to.equal(false);
    expect(existsSync(alive)).to.equal(true);
  });

  it("throws a plain error for a name that the table lacks", () => {
    expect(() => new PartStore(cache, []).directoryOf("nothing")).to.throw(/no "nothing"/);
  });
});
