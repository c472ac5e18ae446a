import { existsSync } from "node:fs";

import { expect } from "chai";

import { projectFile } from "../../../lab/build/part.ts";
import { estimate } from "../../../lab/build/estimate.ts";
import { parts } from "../../../lab/parts/parts.ts";
import { images } from "../../../lab/parts/images.ts";
import { selectImages } from "../../../components/config/images.ts";

describe("the table of parts", () => {
  const names = parts.map(({ name }) => name);

  it("names each part once", () => {
    expect(new Set(names).size).to.equal(names.length);
  });

  it("has each part after those that it needs", () => {
    for (const [position, { name, needs }] of parts.entries()) {
      expect(names.slice(0, position), `needs of ${name}`).to.include.members([...needs]);
    }
  });

  it("names source files that exist", () => {
    for (const { name, files } of parts) {
      for (const file of files) {
        expect(existsSync(projectFile(file)), `${name}: ${file}`).to.equal(true);
      }
    }
  });

  it("has every image of the source lab under the program's name", () => {
    const made = images.map(({ values }) => (values as { image: string }).image);
    expect(made).to.include.members(Object.values(selectImages("lab", "amd64")));
  });

  it("adds up overlapping lanes once, and the space that compiling needs", () => {
    const all = estimate(parts);
    expect(all.seconds).to.be.within(1200, 1800);
    expect(all.peakMegabytes).to.be.greaterThan(12_600);
    const crds = estimate(parts.filter(({ name }) => name === "crds"));
    expect(crds.peakMegabytes).to.equal(crds.megabytes);
  });
});
