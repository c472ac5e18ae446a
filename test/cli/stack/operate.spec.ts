import { expect } from "chai";

import { EngineFailure } from "../../../cli/report/engineFailure.ts";
import { engineArguments, explainFailure } from "../../../cli/stack/operate.ts";
import { statePaths } from "../../../cli/stack/project.ts";
import { engineVariables } from "../../../cli/stack/variables.ts";
import { UserError } from "../../../messages/errors.ts";

const paths = statePaths("test", "/p");

describe("the engine's variables", () => {
  const variables = (outer: NodeJS.ProcessEnv, backend?: unknown) =>
    engineVariables(outer, { PATH: "/lab/bin" }, paths, "test", backend);

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

  it("leave the backend to a Pulumi.yaml that names one", () => {
    const { variables: chosen, ownBackend } = variables({}, { url: "gs://states" });
    expect(ownBackend).to.equal(false);
    expect(chosen).not.to.have.property("PULUMI_BACKEND_URL");
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

  it("switch on nothing that is for the engine's developers", () => {
    expect(variables({}).variables).not.to.have.property("PULUMI_DEBUG_COMMANDS");
  });
});

describe("the engine's arguments", () => {
  const given = { stackName: "dev", configFile: "/c.yaml", terminal: true };

  it("approve an up, under the policies", () => {
    expect(engineArguments("up", given)).to.deep.equal([
      ...["up", "--yes", "--stack", "dev", "--config-file", "/c.yaml"],
      "--skip-config-validation",
      ...["--policy-pack", "policies"],
      "--suppress-outputs",
    ]);
  });

  it("pass the policies' settings, where the stack has a file of them", () => {
    const policySettings = "/p/Pulumi.dev.policies.json";
    const args = engineArguments("up", { ...given, policySettings });
    expect(args.slice(7, 11)).to.deep.equal([
      ...["--policy-pack", "policies"],
      ...["--policy-pack-config", policySettings],
    ]);
    expect(engineArguments("destroy", { ...given, policySettings })).not.to.include(policySettings);
  });

  it("leave a preview without approval", () => {
    expect(engineArguments("preview", given)).not.to.include("--yes");
  });

  it("omit the policies for a destroy", () => {
    expect(engineArguments("destroy", given)).not.to.include("--policy-pack");
  });

  it("ask no questions without a terminal", () => {
    expect(engineArguments("up", { ...given, terminal: false })).to.include("--non-interactive");
    expect(engineArguments("up", given)).not.to.include("--non-interactive");
  });

  it("end with what the command adds", () => {
    const args = engineArguments("preview", { ...given, more: ["--json"] });
    expect(args.at(-1)).to.equal("--json");
  });
});

describe("an operation that failed", () => {
  const around = { stackName: "dev", passphraseFile: "/p" };
  const ending = { code: 255, interrupted: false, errors: "" };

  it("is known by what a plugin reported, which the engine's own error does not name", () => {
    const reported = 'googleapi: Error 400: No valid versions with the prefix "1.28" found.';
    const known = explainFailure(
      "up",
      { ...ending, errors: "error: update failed", reported },
      around,
    );
    expect(known.message).to.equal("GKE does not offer the version 1.28");
    const unknown = explainFailure("up", { ...ending, reported: "something else" }, around);
    expect(unknown).to.be.instanceOf(EngineFailure);
  });

  it("continues with the same command after Ctrl-C, and exits with 130", () => {
    const error = explainFailure("destroy", { ...ending, interrupted: true }, around);
    expect(error).to.be.instanceOf(UserError).and.to.include({
      fix: "run `npm run down dev` again. It continues from there",
      exitCode: 130,
    });
  });

  it("has a fix when the reason is known", () => {
    const error = explainFailure(
      "up",
      { ...ending, errors: "error: incorrect passphrase" },
      around,
    );
    expect(error)
      .to.have.property("fix")
      .that.matches(/restore the right passphrase/);
  });

  it("ends with the engine's exit code when the engine has printed the reason", () => {
    const error = explainFailure("up", ending, around);
    expect(error).to.be.instanceOf(EngineFailure).and.to.include({ exitCode: 255 });
  });
});
