import { expect } from "chai";

import { CommandFault, exitCodes } from "../../../cli/report/fault.ts";
import { report } from "../../../cli/main.ts";
import { recognise, recogniseError } from "../../../cli/report/recognise.ts";

const around = { environment: "dev", passphraseFile: "/p/passphrase" };

const cases = [
  [
    "a wrong passphrase",
    "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
    /passphrase in \/p\/passphrase is not the one/,
    /put the right one back.*npm run down dev -- --abandon/,
  ],
  [
    "a passphrase file that is gone",
    "unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /q/pass: no such file or directory",
    /the passphrase file \/q\/pass cannot be read/,
    /put it back/,
  ],
  [
    "a lock that is held",
    "error: the stack is currently locked by 1 lock(s). Either wait …\n  file:///x.json: created by ann@box (pid 12) at 2026-01-01T00:00:00Z",
    /process 12 of ann@box, since 2026-01-01T00:00:00Z/,
    /wait for it to end/,
  ],
  ["a full disk", "write /a: no space left on device", /no space is left/, /npm run doctor/],
  [
    "Docker without permission",
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
    /this user may not talk to it/,
    /usermod -aG docker/,
  ],
  [
    "a Docker that does not answer",
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    /Docker does not answer/,
    /systemctl start docker/,
  ],
  [
    "a plugin that cannot be had",
    "error: could not find plugin resource-kubernetes-v4.34.2",
    /lacks a plugin: could not find plugin resource-kubernetes/,
    /check the connection/,
  ],
  [
    "a missing policy pack",
    'error: failed to load Pulumi policy project located at "policies": open policies/PulumiPolicy.yaml',
    /failed to load Pulumi policy project/,
    /git checkout policies/,
  ],
  [
    "a stack that is not there",
    "error: no stack named 'dev' found",
    /nothing is up/,
    /npm run up dev/,
  ],
] as const;

describe("well-known messages", () => {
  for (const [what, text, message, remedy] of cases) {
    it(`become one fault with its remedy: ${what}`, () => {
      const fault = recognise(text, around);
      expect(fault?.message).to.match(message);
      expect(fault?.remedy).to.match(remedy);
    });
  }

  it("are not seen in what an ordinary failure prints", () => {
    expect(recognise("error: update failed\nDeployment web is not ready", around)).to.equal(
      undefined,
    );
  });

  it("include a system call that is not allowed", () => {
    const denied = Object.assign(new Error("mkdir /x: not permitted"), { code: "EACCES" });
    expect(recogniseError(denied, around)).to.be.instanceOf(CommandFault);
  });

  it("leave an error that nobody knows as it is", () => {
    const error = new Error("boom");
    expect(recogniseError(error, around)).to.equal(error);
  });
});

describe("the report of what went wrong", () => {
  const told = (error: unknown) => {
    let text = "";
    const code = report(error, (part) => (text += part));
    return { code, text };
  };

  it("is two lines for a fault, without a stack", () => {
    expect(told(new CommandFault("it is broken", "mend it", exitCodes.unknown))).to.deep.equal({
      code: 3,
      text: "error: it is broken\nremedy: mend it\n",
    });
  });

  it("is one line for a fault whose message says both", () => {
    expect(told(new CommandFault("broken: mend it", "")).text).to.equal("error: broken: mend it\n");
  });

  it("says of an unknown error that it is ours, without a stack", () => {
    const { code, text } = told(new Error("boom"));
    expect(code).to.equal(1);
    expect(text).to.match(/^error: boom\nremedy: this is a fault of ours/);
    expect(text).not.to.contain("    at ");
  });
});
