import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { expect } from "chai";
import { execa } from "execa";
import { parse, stringify } from "yaml";

import { formatPreview } from "../../cli/report/previewTree.ts";
import { controlPlane, newStackOf } from "./support/fixture.ts";
import { playLoadBalancer } from "./support/playedLoadBalancer.ts";
import { configureProgram, ownProgram, withoutChecks } from "./support/program.ts";
import type { Stack } from "./support/stack.ts";
import { findDefinitions } from "./support/tools.ts";

const root = path.join(import.meta.dirname, "..", "..");

describe("the project's own program on a cluster that exists", function () {
  this.timeout(600_000);
  let stack: Stack;
  let balancer: ReturnType<typeof playLoadBalancer>;

  before(async () => {
    stack = await newStackOf(ownProgram, "existing");
    const kubeconfigFile = `${stack.configFile}.kubeconfig`;
    await writeFile(kubeconfigFile, controlPlane().kubeconfig, { mode: 0o600 });
    const config = {
      cluster: {
        kind: "existing",
        kubeconfigFile,
        nodeNetwork: "192.168.49.0/24",
        podNetwork: "10.244.0.0/16",
        serviceNetwork: "10.96.0.0/16",
        installCalico: true,
      },
      images: { source: "lab" },
      network: {
        crdsDirectory: await findDefinitions(),
        pools: [{ name: "home", addresses: ["192.168.49.200-192.168.49.239"] }],
        ingress: { pool: "home", className: "nginx" },
      },
      apps: { web: { pool: "home", host: "web.provenet.test", replicas: 2 } },
    };
    await configureProgram(stack, config);
    balancer = playLoadBalancer("192.168.49.20");
  });

  after(async () => {
    await balancer.stop();
  });

  it("previews without a violated policy", async () => {
    const { code, output } = await stack.run([
      "preview",
      "--policy-pack",
      path.join(root, "policies"),
    ]);
    expect(code, output).to.equal(0);
  });

  it("is accepted by the API server, every field of every object", async () => {
    const { code, output } = await stack.up(...withoutChecks);
    expect(code, output).to.equal(0);
  });

  it("previews no changes afterwards", async () => {
    const { code, output } = await stack.run(["preview", "--expect-no-changes", ...withoutChecks]);
    expect(code, output).to.equal(0);
  });

  it("previews no changes after a refresh", async () => {
    const refresh = await stack.run(["refresh", "--yes", "--skip-preview"]);
    expect(refresh.code, refresh.output).to.equal(0);
    const { code, output } = await stack.run([
      "preview",
      "--diff",
      "--expect-no-changes",
      ...withoutChecks,
    ]);
    expect(code, output).to.equal(0);
  });
});

describe("a first preview of the lab stack without a terminal", function () {
  this.timeout(600_000);

  it("prints at most 200 lines", async () => {
    const stack = await newStackOf(ownProgram, "lab");
    const settings = parse(await readFile(path.join(root, "Pulumi.lab.yaml"), "utf8")) as object;
    const salt = parse(await readFile(stack.configFile, "utf8")) as object;
    await writeFile(stack.configFile, stringify({ ...settings, ...salt }));
    const machine = {
      imageSource: "lab",
      crdsDirectory: await findDefinitions(),
      router: "netns:/run/netns/provenet-router",
    };
    const { stdout, stderr, exitCode } = await execa(
      process.execPath,
      ["cli/stack/previewEvents.ts", "lab", stack.configFile],
      {
        cwd: root,
        env: { ...stack.env, PROVENET_MACHINE: JSON.stringify(machine) },
        reject: false,
      },
    );
    const events = stdout.split("\n").map((line) => JSON.parse(line) as EngineEvent);
    const report = formatPreview(events);
    expect(exitCode, stderr + report).to.equal(0);
    expect(report).to.contain("WebApplication");
    expect(report.split("\n").length, report).to.be.at.most(200);
  });
});
