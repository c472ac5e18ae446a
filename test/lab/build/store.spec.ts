import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { keyOf, type Artefact } from "../../../lab/build/artefact.ts";
import { ArtefactStore } from "../../../lab/build/store.ts";
import { artefact } from "./given.ts";

const never = new AbortController().signal;
const silent = () => undefined;

describe("the key of an artefact", () => {
  const key = (changes: Partial<Artefact>, need = "a") => keyOf(artefact("x", changes), () => need);

  it("is the same for the same inputs", () => {
    expect(key({ values: { flag: 1 } })).to.equal(key({ values: { flag: 1 } }));
    expect(key({})).to.match(/^[0-9a-f]{16}$/);
  });

  const others: Record<string, Partial<Artefact>> = {
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

  it("changes with the key of what it is made from, and not without", () => {
    expect(key({ needs: ["n"] }, "a")).to.not.equal(key({ needs: ["n"] }, "b"));
    expect(key({}, "a")).to.equal(key({}, "b"));
  });

  it("does not confuse a file's end with the next one's beginning", () => {
    const one = keyOf(artefact("x", { needs: ["ab", "c"] }), () => "");
    const other = keyOf(artefact("x", { needs: ["a", "bc"] }), () => "");
    expect(one).to.not.equal(other);
  });
});

describe("the store of artefacts", () => {
  let cache: string;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "provenet-store-"));
  });
  afterEach(() => rm(cache, { recursive: true, force: true }));

  it("builds into the place that the key names", async () => {
    const store = new ArtefactStore(cache, [artefact("one")]);
    expect(store.has("one")).to.equal(false);
    await store.build("one", silent, never);
    expect(store.has("one")).to.equal(true);
    expect(await readFile(join(store.directoryOf("one"), "made"), "utf8")).to.equal("one");
  });

  it("leaves nothing that could be taken for a result when a build fails", async () => {
    const broken = artefact("one", {
      build: async ({ output }) => {
        await writeFile(join(output, "half"), "");
        throw new Error("no");
      },
    });
    const store = new ArtefactStore(cache, [broken]);
    const outcome = await store.build("one", silent, never).catch((error: unknown) => error);
    expect(outcome).to.be.an("error").with.property("message", "no");
    expect(store.has("one")).to.equal(false);
    expect(await readdir(join(cache, "artefacts"))).to.deep.equal([]);
  });

  it("drops the older version once the new one is there", async () => {
    const old = new ArtefactStore(cache, [artefact("one")]);
    await old.build("one", silent, never);
    const now = new ArtefactStore(cache, [artefact("one", { version: "2" })]);
    await now.build("one", silent, never);
    expect(old.has("one")).to.equal(false);
    expect(now.has("one")).to.equal(true);
  });

  it("names what is missing in building order, and not what only served something that is there", async () => {
    const table = [
      artefact("base"),
      artefact("middle", { needs: ["base"] }),
      artefact("top", { needs: ["middle"] }),
    ];
    const store = new ArtefactStore(cache, table);
    expect(store.missing(["top"]).map(({ name }) => name)).to.deep.equal(["base", "middle", "top"]);
    await store.build("top", silent, never);
    expect(store.missing(["top"])).to.deep.equal([]);
    expect(store.missing(["middle"]).map(({ name }) => name)).to.deep.equal(["base", "middle"]);
  });

  it("sweeps what a killed build left, and not what another process is building", async () => {
    const store = new ArtefactStore(cache, []);
    const dead = join(cache, "artefacts", ".building-999999999-one");
    const alive = join(cache, "artefacts", `.building-${process.pid}-one`);
    await mkdir(dead, { recursive: true });
    await mkdir(alive);
    await store.sweep();
    expect(existsSync(dead)).to.equal(false);
    expect(existsSync(alive)).to.equal(true);
  });

  it("takes a name that the table does not have for a bug", () => {
    expect(() => new ArtefactStore(cache, []).directoryOf("nothing")).to.throw(/no "nothing"/);
  });
});
