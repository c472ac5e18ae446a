import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { isLost } from "../../../cli/commands/down.ts";
import { statePaths } from "../../../cli/stack/project.ts";
import type { Session } from "../../../cli/stack/session.ts";
import {
  assertDockerAnswers,
  assertKindOfPlace,
  readUpRecord,
  recordDown,
  recordUp,
} from "../../../cli/stack/upRecord.ts";
import { UserError } from "../../../messages/errors.ts";

describe("the record of what is up", () => {
  const root = mkdtempSync(join(tmpdir(), "provenet-record-"));
  const paths = statePaths("test", root);
  const session = (stackName: string, inLab: boolean) =>
    ({ stackName, paths, workplace: { inLab } }) as Session;

  after(() => {
    rmSync(root, { recursive: true });
  });

  it("has each stack from its up to its down, with the place it runs in", () => {
    expect(readUpRecord(paths.upRecord)).to.deep.equal({});
    recordDown(session("dev", false));
    recordUp(session("dev", false));
    recordUp(session("lab", true));
    expect(JSON.parse(readFileSync(join(root, ".provenet/test/stacks.json"), "utf8")))
      .to //
      .deep.equal({ dev: { place: "machine" }, lab: { place: "lab" } });
    expect(statSync(paths.upRecord).mode & 0o777).to.equal(0o600);
    recordDown(session("dev", false));
    expect(readUpRecord(paths.upRecord)).to.deep.equal({ lab: { place: "lab" } });
  });

  it("is refused when it is damaged", () => {
    writeFileSync(paths.upRecord, '{"dev": {"place": "moon"}}');
    expect(() => readUpRecord(paths.upRecord)).to.throw(UserError, /stacks\.json/);
  });
});

describe("a stack that is up", () => {
  const docker = (recordedPlace: Session["recordedPlace"], inLab: boolean) => () => {
    assertDockerAnswers({ stackName: "dev", recordedPlace, workplace: { inLab } });
  };

  it("on the machine's Docker is refused while that is stopped, instead of moved to a lab", () => {
    expect(docker("machine", true))
      .to.throw(UserError, "dev runs on this machine's Docker, which does not answer")
      .with.property(
        "fix",
        "start Docker, or run `npm run down dev -- --abandon` to forget the " +
          "state without deleting anything",
      );
  });

  it("is accepted where it was, and when it was nowhere", () => {
    docker("machine", false)();
    docker("lab", true)();
    docker(undefined, true)();
  });

  it("in the lab is not updated to another kind of cluster", () => {
    const check = (recordedPlace: Session["recordedPlace"], kind?: string) => () => {
      assertKindOfPlace({ stackName: "lab", recordedPlace }, kind);
    };
    expect(check("lab", "existing"))
      .to.throw(
        UserError,
        "lab is up in the lab, and Pulumi.lab.yaml has a cluster of kind existing",
      )
      .with.property("fix")
      .that.contains("npm run down lab");
    expect(check("lab")).to.throw(UserError, "kind unknown");
    check("lab", "minikube")();
    check("machine", "existing")();
    check(undefined, "existing")();
  });

  const lost = (recordedPlace: Session["recordedPlace"], isUp: boolean, resources = 3) =>
    isLost({ recordedPlace, workplace: { isUp: () => isUp } }, resources);

  it("is lost only with the lab that it is in", () => {
    expect(lost("lab", false)).to.equal(true);
    expect(lost("lab", false, 0)).to.equal(false);
    expect(lost("lab", true)).to.equal(false);
    expect(lost("machine", false)).to.equal(false);
    expect(lost(undefined, false)).to.equal(false);
  });
});
