import { existsSync } from "node:fs";

import { expect } from "chai";

import { projectFile } from "../../../lab/build/artefact.ts";
import { estimate } from "../../../lab/build/build.ts";
import { ArtefactStore } from "../../../lab/build/store.ts";
import { artefacts } from "../../../lab/parts/parts.ts";
import { images } from "../../../lab/parts/images.ts";
import { selectImages } from "../../../components/config/images.ts";

describe("the table of artefacts", () => {
  const names = artefacts.map(({ name }) => name);

  it("names each artefact once", () => {
    expect(new Set(names).size).to.equal(names.length);
  });

  it("needs nothing that it does not have, and nothing in a circle", () => {
    const store = new ArtefactStore("/nowhere", artefacts);
    const position = new Map(store.withNeeds(names).map(({ name }, index) => [name, index]));
    for (const { name, needs } of artefacts) {
      for (const need of needs) {
        expect(position.get(need), `${need} before ${name}`).to.be.lessThan(
          position.get(name) ?? -1,
        );
      }
    }
  });

  it("is made from files that exist", () => {
    for (const { name, files } of artefacts) {
      for (const file of files)
        expect(existsSync(projectFile(file)), `${name}: ${file}`).to.equal(true);
    }
  });

  it("has every image that the program asks the lab for, under the same name", () => {
    const made = images.map(({ values }) => (values as { image: string }).image);
    expect(made).to.include.members(Object.values(selectImages("lab", "amd64")));
  });

  it("adds up the lanes that run side by side, and the space that compiling takes", () => {
    const all = estimate(artefacts);
    expect(all.seconds).to.be.within(900, 1500);
    expect(all.peakMegabytes).to.be.greaterThan(16_000);
    const definitions = estimate(artefacts.filter(({ name }) => name === "definitions"));
    expect(definitions.peakMegabytes).to.equal(definitions.megabytes);
  });
});
