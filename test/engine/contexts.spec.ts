import { writeFile } from "node:fs/promises";
import path from "node:path";

import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { execa } from "execa";
import { parse, stringify } from "yaml";

import { pinnedKubeconfig } from "../../cli/commands/shell.ts";
import { assertStateReachesRecorded } from "../../cli/stack/existingCluster.ts";
import { asText, at } from "../../stand-ins/kit/values.ts";
import { startControlPlane, type ControlPlane } from "./support/controlPlane.ts";
import { controlPlane, newStackOf } from "./support/fixture.ts";
import { playLoadBalancer } from "./support/playedLoadBalancer.ts";
import { configureProgram, ownProgram, withoutChecks } from "./support/program.ts";
import type { Stack } from "./support/stack.ts";
import { findDefinitions, findTools } from "./support/tools.ts";

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: object }[];
  readonly users: readonly { readonly user: object }[];
}

/** A kubeconfig whose contexts reach these control planes. The first context is the current one. */
function kubeconfigOf(planes: Readonly<Record<string, ControlPlane>>): string {
  const entries = Object.entries(planes).map(([name, { kubeconfig }]) => {
    const { clusters, users } = parse(kubeconfig) as Kubeconfig;
    return { name, cluster: clusters[0]?.cluster, user: users[0]?.user };
  });
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": entries[0]?.name,
    contexts: entries.map(({ name }) => ({ name, context: { cluster: name, user: name } })),
    clusters: entries.map(({ name, cluster }) => ({ name, cluster })),
    users: entries.map(({ name, user }) => ({ name, user })),
  });
}

/** Everything that the program could have created, changed or deleted, by UID and version. */
async function objectsOf({ api }: ControlPlane): Promise<string[]> {
  const paths = [
    "/api/v1/namespaces",
    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    "/apis/apps/v1/deployments",
    "/apis/apps/v1/daemonsets",
  ];
  const lists = await Promise.all(
    paths.map(async (path) => at(await api.request({ method: "GET", path }), "items")),
  );
  return lists
    .flatMap((list) => list as { metadata: Record<string, string> }[])
    .map(({ metadata: { name, uid, resourceVersion } }) => [name, uid, resourceVersion].join(" "))
    .sort();
}

/** The stack's state, as `down` reads it. */
async function exportOf(stack: Stack): Promise<Deployment> {
  const { output } = await stack.must(["stack", "export", "--show-secrets"]);
  return JSON.parse(output) as Deployment;
}

async function uidOf({ api }: ControlPlane): Promise<string> {
  const namespace = await api.request({ method: "GET", path: "/api/v1/namespaces/kube-system" });
  return asText(at(namespace, "metadata", "uid")) ?? "";
}

describe("two clusters in one kubeconfig", function () {
  this.timeout(600_000);
  let work: ControlPlane;
  let stack: Stack;
  let kubeconfigFile: string;
  let balancers: readonly ReturnType<typeof playLoadBalancer>[] = [];

  const write = (planes: Readonly<Record<string, ControlPlane>>) =>
    writeFile(kubeconfigFile, kubeconfigOf(planes), { mode: 0o600 });
  const configure = async (more: object = {}) => {
    await configureProgram(stack, {
      cluster: {
        ...{ kind: "existing", kubeconfigFile, nodeNetwork: "192.168.49.0/24" },
        ...{ podNetwork: "10.244.0.0/16", serviceNetwork: "10.96.0.0/16", ...more },
      },
      images: { source: "lab" },
      network: {
        crdsDirectory: await findDefinitions(),
        pools: [{ name: "home", addresses: ["192.168.49.200-192.168.49.239"] }],
        ingress: { pool: "home", className: "nginx" },
      },
      apps: {},
    });
  };
  const hasMetalLb = async ({ api }: ControlPlane) => {
    const namespaces = at(
      await api.request({ method: "GET", path: "/api/v1/namespaces" }),
      "items",
    );
    return JSON.stringify(namespaces).includes('"name":"metallb-system"');
  };

  before(async () => {
    work = await startControlPlane(findTools());
    balancers = [controlPlane(), work].map((plane) => playLoadBalancer("192.168.49.20", plane));
    stack = await newStackOf(ownProgram, "contexts");
    kubeconfigFile = `${stack.configFile}.kubeconfig`;
    await write({ home: controlPlane(), work });
    await configure();
    const { code, output } = await stack.up(...withoutChecks);
    expect(code, output).to.equal(0);
    expect(await hasMetalLb(controlPlane())).to.equal(true);
  });

  after(async () => {
    for (const balancer of balancers) await balancer.stop();
    await work.stop();
  });

  it("changes nothing in either after another context becomes the current one", async () => {
    const untouched = await objectsOf(work);
    await write({ work, home: controlPlane() });
    const { code, output } = await stack.up("--expect-no-changes", ...withoutChecks);
    expect(code, output).to.equal(0);
    expect(await objectsOf(work)).to.deep.equal(untouched);
  });

  it("opens a shell whose kubectl reaches the recorded one", async () => {
    const recorded = { kubeconfig: kubeconfigFile, context: "home" };
    const env = { KUBECONFIG: pinnedKubeconfig(recorded, path.dirname(kubeconfigFile)) };
    const args = ["get", "namespace", "kube-system", "--output", "jsonpath={.metadata.uid}"];
    const { stdout } = await execa(findTools().kubectl, args, { env });
    expect(stdout).to.equal(await uidOf(controlPlane()));
  });

  it("refuses another cluster behind the recorded context, and names both", async () => {
    const untouched = await objectsOf(work);
    await write({ home: work });
    const [recorded, reached] = await Promise.all([controlPlane(), work].map(uidOf));
    for (const operation of ["preview", "up"]) {
      const approved = operation === "up" ? ["--yes", "--skip-preview"] : [];
      const { code, output } = await stack.run([operation, ...approved, ...withoutChecks]);
      expect(code, output).not.to.equal(0);
      expect(output).to.contain(recorded).and.to.contain(reached).and.to.contain("Fix: ");
    }
    expect(await objectsOf(work)).to.deep.equal(untouched);
    expect(await hasMetalLb(controlPlane())).to.equal(true);
  });

  it("refuses a context that is gone, and follows it under its new name", async () => {
    await write({ house: controlPlane(), work });
    const refused = await stack.up(...withoutChecks);
    expect(refused.code, refused.output).not.to.equal(0);
    expect(refused.output).to.contain('no context "home"').and.to.contain("Fix: ");
    const before = await objectsOf(controlPlane());
    await configure({ context: "house" });
    const { code, output } = await stack.up(...withoutChecks);
    expect(code, output).to.equal(0);
    expect(output).to.contain("+-1 replaced");
    expect(await objectsOf(controlPlane())).to.deep.equal(before);
  });

  it("moves everything when the configuration names another context", async () => {
    await configure({ context: "work" });
    const { code, output } = await stack.up(...withoutChecks);
    expect(code, output).to.equal(0);
    expect(await hasMetalLb(work)).to.equal(true);
    expect(await hasMetalLb(controlPlane())).to.equal(false);
    const preview = await stack.run(["preview", "--expect-no-changes", ...withoutChecks]);
    expect(preview.code, preview.output).to.equal(0);
  });

  it("deletes from the recorded one alone", async () => {
    await write({ house: controlPlane(), work });
    const untouched = await objectsOf(controlPlane());
    await assertStateReachesRecorded(await exportOf(stack), "contexts");
    const { code, output } = await stack.run(["destroy", "--yes", "--skip-preview"]);
    expect(code, output).to.equal(0);
    expect(await hasMetalLb(work)).to.equal(false);
    expect(await objectsOf(controlPlane())).to.deep.equal(untouched);
  });
});
