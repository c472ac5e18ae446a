import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CommanderError } from "commander";
import { expect } from "chai";
import { parse as parseYaml, stringify } from "yaml";

import { buildProgram } from "../../cli/main.ts";
import { assertOnPath, pinnedKubeconfig, splitWords } from "../../cli/commands/shell.ts";
import { chooseSuites } from "../../cli/commands/test.ts";
import { UserError } from "../../messages/errors.ts";

/** Parses arguments without running a command. Returns the chosen command and the output. */
async function parse(...args: readonly string[]) {
  let chosen = 0;
  let said = "";
  const program = buildProgram(() => {
    chosen += 1;
    return Promise.resolve();
  });
  for (const command of [program, ...program.commands]) {
    command.configureOutput({
      writeOut: (text) => (said += text),
      writeErr: (text) => (said += text),
    });
  }
  const error = await program.parseAsync(args, { from: "user" }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { chosen, said, error };
}

describe("the commands' arguments", () => {
  for (const args of [
    ["up"],
    ["up", "gke", "--json"],
    ["preview", "dev", "--expect-no-changes"],
    ["verify", "--json"],
    ["down", "--purge"],
    ["down", "dev", "--abandon"],
    ["doctor", "--json"],
    ["shell", "client", "kubectl", "get", "nodes", "--all-namespaces"],
    ["test", "unit", "--grep", "x"],
    ["test:live"],
    ["test:kill", "--grep", "x"],
    ["check", "--no-unit"],
    ["bench", "--up"],
  ]) {
    it(`are understood: ${args.join(" ")}`, async () => {
      expect(await parse(...args)).to.deep.equal({ chosen: 1, said: "", error: undefined });
    });
  }

  for (const args of [["fly"], ["up", "--jsn"], ["up", "dev", "gke"], ["doctor", "dev"], []]) {
    it(`are refused as bad use: ${args.join(" ") || "none at all"}`, async () => {
      const { chosen, said, error } = await parse(...args);
      expect(chosen).to.equal(0);
      if (args.length > 0) expect(said).to.match(/^error: [^]*\nFix: /);
      expect(error).to.be.instanceOf(CommanderError);
      expect((error as CommanderError).exitCode).not.to.equal(0);
    });
  }

  const names = ["up", "preview", "verify", "down", "doctor", "shell", "test", "check", "bench"];
  for (const name of [...names, "test:live", "test:kill"]) {
    it(`show the help of ${name}`, async () => {
      const { chosen, said, error } = await parse(name, "--help");
      expect(said).to.match(new RegExp(`^Usage: npm run ${name} `));
      expect({ chosen, code: (error as CommanderError).exitCode }).to.deep.equal({
        chosen: 0,
        code: 0,
      });
    });
  }
});

describe("the words of shell", () => {
  for (const [words, place, command] of [
    [[], "client", []],
    [["router"], "router", []],
    [["client", "ip", "route"], "client", ["ip", "route"]],
    [["ip", "route"], "client", ["ip", "route"]],
    [["router", "--", "ls", "--", "x"], "router", ["ls", "--", "x"]],
    [["router", "ip route | head"], "router", ["sh", "-c", "ip route | head"]],
  ] as const) {
    it(`are parsed into place and command: ${JSON.stringify(words)}`, () => {
      expect(splitWords(words)).to.deep.equal({ place, command });
    });
  }
});

describe("the suites of test", () => {
  it("are all but the live ones when none is named", () => {
    expect(chooseSuites(undefined)).to.deep.equal(["unit", "kernel", "engine"]);
  });

  it("are the one that is named", () => {
    expect(chooseSuites("live")).to.deep.equal(["live"]);
  });

  it("are refused with those that exist", () => {
    expect(() => chooseSuites("slow")).to.throw('there is no suite "slow"');
  });
});

describe("the kubeconfig of shell", () => {
  it("has the recorded context as its current one, and leaves the user's file as it is", () => {
    const directory = mkdtempSync(join(tmpdir(), "provenet-shell-"));
    const user = join(directory, "config");
    const text = stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "work",
      contexts: ["work", "home"].map((name) => ({ name, context: { cluster: name, user: name } })),
    });
    writeFileSync(user, text);
    try {
      const merged = pinnedKubeconfig({ kubeconfig: user, context: "home" }, directory);
      const [pinned = "", ...others] = merged.split(":");
      expect(parseYaml(readFileSync(pinned, "utf8"))).to.deep.equal({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "home",
      });
      expect(others).to.deep.equal([user]);
      expect(readFileSync(user, "utf8")).to.equal(text);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe("the program of shell", () => {
  it("must be on PATH or have a path", () => {
    assertOnPath("sh", "/nowhere:/bin");
    assertOnPath("/bin/sh", "");
    for (const program of ["nowhere", "/bin/nowhere"]) {
      expect(() => {
        assertOnPath(program, "/bin");
      }).to.throw(/^"(\/bin\/)?nowhere" is no program on PATH/);
    }
    expect(() => {
      assertOnPath("lab", "/bin", ["lab"]);
    })
      .to.throw(UserError)
      .with.property("fix", "run `npm run shell -- --stack lab` for the stack lab");
  });
});
