import { expect } from "chai";

import { report } from "../../../cli/main.ts";
import { EngineFailure } from "../../../cli/report/engineFailure.ts";
import { recognise, recogniseError } from "../../../cli/report/recognise.ts";
import { CouldNotAsk, exitCodes, UserError } from "../../../messages/errors.ts";

const around = { stackName: "dev", passphraseFile: "/p/passphrase" };

const cases = [
  [
    "a wrong passphrase",
    "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
    /passphrase in \/p\/passphrase does not decrypt/,
    /restore the right passphrase.*npm run down dev -- --abandon/,
  ],
  [
    "a passphrase file that is gone",
    "unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /q/pass: no such file or directory",
    /the passphrase file \/q\/pass cannot be read/,
    /restore it/,
  ],
  ["a full disk", "write /a: no space left on device", /the disk is full/, /npm run doctor/],
  [
    "Docker without permission",
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
    /denies this user/,
    /usermod -aG docker/,
  ],
  [
    "a Docker that does not answer",
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    /Docker does not answer/,
    /systemctl start docker/,
  ],
  [
    "a plugin that is missing",
    "error: could not find plugin resource-kubernetes-v4.34.2",
    /lacks a plugin: could not find plugin resource-kubernetes/,
    /check the internet connection/,
  ],
  [
    "a missing policy pack",
    'error: failed to load Pulumi policy project located at "policies": open policies/PulumiPolicy.yaml',
    /failed to load Pulumi policy project/,
    /git checkout policies/,
  ],
  [
    "a stack that does not exist",
    "error: no stack named 'dev' found",
    /the stack dev does not exist/,
    /npm run up dev/,
  ],
] as const;

describe("well-known messages", () => {
  for (const [what, text, message, fix] of cases) {
    it(`become one error with a fix: ${what}`, () => {
      const error = recognise(text, around);
      expect(error?.message).to.match(message);
      expect(error?.fix).to.match(fix);
    });
  }

  it("are not found in the output of an ordinary failure", () => {
    expect(recognise("error: update failed\nDeployment web is not ready", around)).to.equal(
      undefined,
    );
  });

  it("include a system call that is denied", () => {
    const denied = Object.assign(new Error("mkdir /x: not permitted"), { code: "EACCES" });
    expect(recogniseError(denied, around)).to.be.instanceOf(UserError);
  });

  it("leave an unknown error as it is", () => {
    const error = new Error("boom");
    expect(recogniseError(error, around)).to.equal(error);
  });
});

describe("the report of an error", () => {
  const reported = (error: unknown) => {
    let text = "";
    const code = report(error, (part) => (text += part));
    return { code, text };
  };

  it("has a message and a fix for a user error, without a stack trace", () => {
    expect(reported(new UserError("it is broken", "repair it", exitCodes.unknown))).to.deep.equal({
      code: 3,
      text: "error: it is broken\nFix: repair it\n",
    });
  });

  it("ends with 3 when a question could not be asked", () => {
    const { code, text } = reported(new CouldNotAsk("no program ip"));
    expect(code).to.equal(3);
    expect(text).to.match(/^error: no program ip\nFix: /);
  });

  it("ends with a fix when the engine has printed the reasons", () => {
    expect(reported(new EngineFailure("up", "npm run up dev", 7))).to.deep.equal({
      code: 7,
      text:
        "error: up failed for the reasons above\n" +
        "Fix: correct them and run `npm run up dev` again\n",
    });
  });

  it("calls any other error a bug, without a stack trace", () => {
    const { code, text } = reported(new Error("boom"));
    expect(code).to.equal(1);
    expect(text).to.equal(
      "error: boom\nThis is a bug in provenet. Rerun with PROVENET_DEBUG=1 and report the stack trace.\n",
    );
  });
});
