import { join } from "node:path";

import { expect } from "chai";
import { execa } from "execa";

import { engineNodeOptions, preloads } from "../../../cli/stack/nodeOptions.ts";
import { projectRoot } from "../../../cli/stack/project.ts";

describe("the lazy SDK", function () {
  // Each test starts Node with the whole SDK at least once.
  this.timeout(120_000);
  const sdk = join(projectRoot, "node_modules/@pulumi/pulumi");

  /** Runs CommonJS code on the project's Node and returns what it prints as JSON. */
  async function run(code: string, options: string = engineNodeOptions(undefined)) {
    const { stdout } = await execa(process.execPath, ["--eval", code], {
      cwd: projectRoot,
      env: { NODE_OPTIONS: options },
    });
    return JSON.parse(stdout) as unknown;
  }

  /** Those of `packages` that are loaded once `module` is. */
  async function loadedWith(module: string, packages: readonly string[], options?: string) {
    const code = `require(${JSON.stringify(module)});
      const names = Object.keys(require.cache).map((file) =>
        /.*node_modules.((?:@[^/\\\\]+.)?[^/\\\\]+)/.exec(file)?.[1]);
      console.log(JSON.stringify([...new Set(names)]));
      process.exit(0);`;
    const loaded = (await run(code, options)) as string[];
    return packages.filter((name) => loaded.includes(name));
  }

  const unused = ["typescript", "@npmcli/arborist", "@logdna/tail-file"];

  it("omits compiler, dependency solver and Automation API, which the SDK loads at once", async () => {
    const used = ["@grpc/grpc-js"];
    expect(await loadedWith(sdk, [...used, ...unused])).to.deep.equal(used);
    expect(await loadedWith(sdk, unused, "")).to.deep.equal(unused);
  });

  it("omits the tracing exporters of the program's runner", async () => {
    const tracing = join(sdk, "cmd/run/tracing.js");
    const exporters = ["@opentelemetry/sdk-trace-node", "@opentelemetry/exporter-zipkin"];
    expect(await loadedWith(tracing, exporters)).to.deep.equal([]);
    expect(await loadedWith(tracing, exporters, "")).to.deep.equal(exporters);
  });

  it("loads the compiler when a function is serialized", async () => {
    const code = `const { runtime } = require(${JSON.stringify(sdk)}); const held = 41;
      runtime.serializeFunction(() => held + 1)
        .then(({ text }) => console.log(JSON.stringify(text.includes("held: 41"))));`;
    expect(await run(code)).to.equal(await run(code, ""));
  });

  it("loads the dependency solver when code paths are computed", async () => {
    const code = `const { runtime } = require(${JSON.stringify(sdk)});
      console.warn = () => undefined;
      runtime.computeCodePaths({}).then((paths) => console.log(JSON.stringify(paths.size > 0)));`;
    expect(await run(code)).to.equal(true);
  });

  it("loads the Automation API when it is used", async () => {
    const code = `const { automation } = require(${JSON.stringify(sdk)});
      console.log(JSON.stringify(typeof automation.Stack.create));`;
    expect(await run(code)).to.equal("function");
  });

  it("loads the tracing exporters when tracing starts", async () => {
    const code = `const tracing = require(${JSON.stringify(join(sdk, "cmd/run/tracing.js"))});
      tracing.start("http://127.0.0.1:1/");
      console.log(JSON.stringify(Object.keys(require.cache).some((f) => /sdk-trace-node/.test(f))));
      process.exit(0);`;
    expect(await run(code)).to.equal(true);
  });

  it("leaves imports of other packages alone", async () => {
    expect(await loadedWith("typescript", ["typescript"])).to.deep.equal(["typescript"]);
  });

  it("keeps the caller's NODE_OPTIONS, and a path with spaces", () => {
    const own = preloads.map((file) => `--require="${file}"`).join(" ");
    expect(engineNodeOptions("--no-warnings")).to.equal(`--no-warnings ${own}`);
    expect(engineNodeOptions("")).to.equal(own);
  });
});
