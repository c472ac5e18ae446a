import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { parse } from "yaml";

import { projectRoot } from "../../cli/stack/project.ts";

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly with?: Record<string, unknown> }[];
}

describe("the workflows for pull requests", () => {
  const folder = join(projectRoot, ".github", "workflows");
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), "utf8");
    const { jobs, permissions } = parse(text) as {
      readonly jobs: Readonly<Record<string, Job>>;
      readonly permissions: unknown;
    };

    it(`pin every action by its full commit and name its tag: ${file}`, () => {
      const uses = text.split("\n").filter((line) => /\buses:/.test(line));
      expect(uses).not.to.have.length(0);
      for (const line of uses) {
        expect(line).to.match(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
    });

    it(`give each job only the permissions it needs: ${file}`, () => {
      expect(permissions).to.deep.equal({});
      for (const job of Object.values(jobs)) {
        expect(Object.keys(job.permissions ?? {})).to.have.length(1);
      }
    });

    it(`write only where no code of the pull request runs: ${file}`, () => {
      for (const job of Object.values(jobs)) {
        const writes = Object.values(job.permissions ?? {}).includes("write");
        const checksOut = job.steps.some(({ uses }) => uses?.startsWith("actions/checkout@"));
        expect(writes && checksOut).to.equal(false);
        for (const step of job.steps) {
          if (step.uses?.startsWith("actions/checkout@") !== true) continue;
          expect(step.with?.["persist-credentials"]).to.equal(false);
        }
      }
    });
  }
});

/** Runs a script with a stand-in for npm that prints its arguments. */
function withNpm(
  npm: string,
  argv: readonly [string, ...string[]],
  variables: NodeJS.ProcessEnv = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "provenet-pipeline-"));
  writeFileSync(join(folder, "npm"), `#!/bin/sh\n${npm}\n`);
  chmodSync(join(folder, "npm"), 0o755);
  const [program, ...args] = argv;
  const { stdout, status } = spawnSync(join(projectRoot, program), args, {
    cwd: projectRoot,
    encoding: "utf8",
    env: { PATH: `${folder}:${process.env.PATH ?? ""}`, ...variables },
  });
  rmSync(folder, { recursive: true });
  return { lines: stdout.trim().split("\n"), status };
}

describe(".ci/run", () => {
  it("runs check, test and test:live, and adds their counts up", () => {
    const { lines, status } = withNpm('echo "asked: $*"; echo "3 passed, 0 failed"', [".ci/run"]);
    expect(lines.filter((line) => line.startsWith("asked:"))).to.deep.equal([
      "asked: run --silent check -- --no-unit",
      "asked: run --silent test",
      "asked: run --silent test:live",
    ]);
    expect({ last: lines.at(-1), status }).to.deep.equal({ last: "9 passed, 0 failed", status: 0 });
  });

  it("fails when a test failed", () => {
    const { lines, status } = withNpm('echo "3 passed, 2 failed"; exit 1', [".ci/run", "test"]);
    expect({ last: lines.at(-1), status }).to.deep.equal({ last: "3 passed, 2 failed", status: 1 });
  });

  it("counts a command that died without a count as a failure", () => {
    const { lines, status } = withNpm("exit 9", [".ci/run", "test"]);
    expect({ last: lines.at(-1), status }).to.deep.equal({ last: "0 passed, 1 failed", status: 1 });
  });

  it("counts a non-zero exit code without a failed test as a failure", () => {
    const { lines } = withNpm('echo "3 passed, 0 failed"; exit 1', [".ci/run", "test"]);
    expect(lines.at(-1)).to.equal("3 passed, 1 failed");
  });
});

describe("the previews of a pull request", () => {
  const preview = (npm: string, variables: NodeJS.ProcessEnv = {}) => {
    const folder = mkdtempSync(join(tmpdir(), "provenet-preview-"));
    const body = join(folder, "body.md");
    const { status } = withNpm(npm, [".github/preview.sh", body], variables);
    const text = readFileSync(body, "utf8");
    rmSync(folder, { recursive: true });
    return { text, status };
  };

  it("show every stack, and gke without Pulumi where there are no credentials", () => {
    const { text, status } = preview('echo "preview of $4"; pulumi version || echo "no pulumi"');
    expect(text).to.match(/### dev: ok[\s\S]*preview of dev/);
    expect(text).to.match(/### gke: ok[\s\S]*preview of gke\nno pulumi/);
    expect(status).to.equal(0);
  });

  it("use Pulumi for gke where there are credentials", () => {
    const ask = 'case $(command -v pulumi) in *tmp*) echo hidden ;; *) echo "as it is" ;; esac';
    const ofGke = (text: string) => text.slice(text.indexOf("### gke"), text.indexOf("### lab"));
    expect(ofGke(preview(ask).text)).to.match(/hidden/);
    expect(ofGke(preview(ask, { GOOGLE_CREDENTIALS: "{}" }).text)).to.match(/as it is/);
  });

  it("fail with the output of a failed preview", () => {
    const { text, status } = preview('echo "error: no" >&2; exit 1');
    expect(text).to.match(/### dev: failed[\s\S]*error: no/);
    expect(status).to.equal(1);
  });
});
