import { expect } from "chai";

import { engineArguments } from "../../../cli/stack/engine.ts";
import { CommandFault } from "../../../cli/report/fault.ts";
import { statePaths } from "../../../cli/stack/project.ts";
import { engineVariables, trimEngine } from "../../../cli/stack/session.ts";
import { readChecks } from "../../../cli/commands/verify.ts";

const paths = statePaths("test", "/p");

describe("the engine's variables", () => {
  const variables = (outer: NodeJS.ProcessEnv) =>
    engineVariables(outer, { PATH: "/lab/bin" }, paths, "test");

  it("are the project's own backend and passphrase", () => {
    const { variables: own, ownBackend } = variables({});
    expect(ownBackend).to.equal(true);
    expect(own).to.include({
      PULUMI_BACKEND_URL: "file:///p/.provenet/test/state",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/p/.provenet/test/passphrase",
      PROVENET_LAB: "test",
    });
  });

  it("keep a backend that the caller chose", () => {
    const { variables: chosen, ownBackend } = variables({ PULUMI_BACKEND_URL: "s3://b" });
    expect(ownBackend).to.equal(false);
    expect(chosen.PULUMI_BACKEND_URL).to.equal("s3://b");
    expect(variables({ PULUMI_ACCESS_TOKEN: "t" }).ownBackend).to.equal(false);
  });

  it("keep a passphrase that the caller chose, even an empty one", () => {
    const chosen = variables({ PULUMI_CONFIG_PASSPHRASE: "" }).variables;
    expect(chosen).not.to.have.property("PULUMI_CONFIG_PASSPHRASE_FILE");
    const file = variables({ PULUMI_CONFIG_PASSPHRASE_FILE: "/q" }).variables;
    expect(file.PULUMI_CONFIG_PASSPHRASE_FILE).to.equal("/q");
  });

  it("take the workplace's PATH before the caller's", () => {
    expect(variables({ PATH: "/bin" }).variables.PATH).to.equal("/lab/bin");
  });
});

describe("the engine's arguments", () => {
  const given = { environment: "dev", configFile: "/c.yaml", terminal: true };

  it("approve an up that was asked for, under the policies", () => {
    expect(engineArguments("up", given)).to.deep.equal([
      ...["up", "--yes", "--stack", "dev", "--config-file", "/c.yaml"],
      "--skip-config-validation",
      ...["--policy-pack", "policies"],
    ]);
  });

  it("leave a preview without approval", () => {
    expect(engineArguments("preview", given)).not.to.include("--yes");
  });

  it("ask no policy when all is taken down", () => {
    expect(engineArguments("destroy", given)).not.to.include("--policy-pack");
  });

  it("ask nothing where nobody can answer", () => {
    expect(engineArguments("up", { ...given, terminal: false })).to.include("--non-interactive");
    expect(engineArguments("up", given)).not.to.include("--non-interactive");
  });

  it("end with what the command adds", () => {
    const args = engineArguments("preview", { ...given, eventLog: "/e", more: ["--json"] });
    expect(args.slice(-3)).to.deep.equal(["--event-log", "/e", "--json"]);
  });
});

describe("what the engine says", () => {
  it("is told without its own mark", () => {
    expect(trimEngine("error: no such thing\n")).to.equal("no such thing");
  });
});

describe("the checks of a stack", () => {
  const tcp = { ask: "tcp", name: "port", address: "192.0.2.1", port: 80 } as const;

  it("are asked again within verify's own deadline", () => {
    const asked = readChecks(
      [
        { ...tcp, deadlineSeconds: 30 },
        { ...tcp, deadlineSeconds: 2 },
      ],
      "up",
    );
    expect(asked.map(({ deadlineSeconds }) => deadlineSeconds)).to.deep.equal([7, 2]);
  });

  for (const [what, checks] of [
    ["missing", undefined],
    ["empty", []],
    ["of another form", [{ ask: "smoke" }]],
  ] as const) {
    it(`cannot be asked again when they are ${what}, and the remedy is up`, () => {
      expect(() => readChecks(checks, "`npm run up dev`")).to.throw(
        CommandFault,
        /before anything/,
      );
    });
  }
});
