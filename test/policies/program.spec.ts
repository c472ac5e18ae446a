import { expect } from "chai";

import { recordProgram } from "../support/program.ts";
import type { Recorded } from "../support/recording.ts";
import { Pack, type Finding } from "./startedPack.ts";
import type { Subject } from "./support.ts";

const subjectOf = ({ type, name, inputs, parent, dependsOn }: Recorded): Subject => ({
  type,
  name,
  props: inputs,
  dependsOn,
  ...(parent !== undefined && { parent }),
});

describe("the policy pack on the program", () => {
  let pack: Pack;
  before(async function () {
    this.timeout(60_000);
    pack = await Pack.start(AbortSignal.timeout(60_000));
  });
  after(() => (pack as Pack | undefined)?.stop());

  /** A first preview: every input is sent, and no object in the cluster has outputs yet. */
  async function preview(subjects: readonly Subject[]): Promise<Finding[]> {
    const found: Finding[] = [];
    for (const subject of subjects) found.push(...(await pack.analyze(subject)));
    const withoutOutputs = subjects.map((subject) =>
      subject.type.startsWith("kubernetes:") ? { ...subject, props: {} } : subject,
    );
    return [...found, ...(await pack.analyzeStack(...withoutOutputs))];
  }

  for (const stack of ["dev", "lab", "gke"]) {
    it(`accepts the first preview of ${stack}`, async () => {
      const { resources } = await recordProgram(
        stack,
        {},
        { router: "netns:/run/netns/provenet-router" },
      );
      expect(await preview(resources.map(subjectOf))).to.deep.equal([]);
    }).timeout(60_000);
  }

  it("rejects the program without its checks, once for each published address", async () => {
    const { resources } = await recordProgram("dev");
    const unproved = resources.map(subjectOf).filter(({ name = "" }) => !name.endsWith("-probe"));
    const found = await preview(unproved);
    expect(found.map(([rule]) => rule)).to.deep.equal(
      Array.from({ length: 3 }, () => "published-address-is-proved"),
    );
  }).timeout(60_000);
});
