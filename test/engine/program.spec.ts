import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";
import { parse, stringify } from "yaml";

import { controlPlane, newStackOf } from "./support/fixture.ts";
import { playLoadBalancer } from "./support/playedLoadBalancer.ts";
import type { Stack } from "./support/stack.ts";
import { findDefinitions } from "./support/tools.ts";

const root = path.join(import.meta.dirname, "..", "..");

/** The checks send packets, which nothing here answers. */
const withoutChecks = ["--exclude", "**Check::**", "--exclude-dependents"];

describe("the project's own program on a cluster that exists", function () {
  this.timeout(120_000);
  let stack: Stack;
  let balancer: ReturnType<typeof playLoadBalancer>;

  before(async () => {
    stack = await newStackOf({ name: "provenet", directory: root }, "existing");
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
    const keys = Object.entries(config).map(([key, value]) => [`provenet:${key}`, value]);
    const file = parse(await readFile(stack.configFile, "utf8")) as object;
    const merged = { ...file, config: Object.fromEntries(keys) as object };
    await writeFile(stack.configFile, stringify(merged));
    balancer = playLoadBalancer("192.168.49.20");
  });

  after(async () => {
    await balancer.stop();
  });

  it("previews with its policies", async () => {
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

  it("finds nothing to do afterwards", async () => {
    const { code, output } = await stack.run(["preview", "--expect-no-changes", ...withoutChecks]);
    expect(code, output).to.equal(0);
  });

  it("finds nothing to do after a refresh either", async () => {
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
