import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import { parse, stringify } from "yaml";

import { inLab, inShell, npmRun, projectRoot, stateFolder } from "./support/lab.ts";

/** A copy of dev on one node, with another node network and one pool more. */
const stack = "t-live-own";
const nodeNetwork = "192.168.60.0/24";
const pools = [
  { name: "home", addresses: ["192.168.60.200-192.168.60.239"] },
  { name: "extra", addresses: ["192.168.60.64/28"] },
];
const stackFile = join(projectRoot, `Pulumi.${stack}.yaml`);

describe("a stack file in the lab", () => {
  before(async () => {
    await npmRun("down", [stack]);
    const text = await readFile(join(projectRoot, "Pulumi.dev.yaml"), "utf8");
    const { config } = parse(text) as { config: Record<string, Record<string, object>> };
    const network = { ...config["provenet:network"], pools };
    const web = { ...config["provenet:apps"]?.web, pool: "extra" };
    const cluster = {
      ...config["provenet:cluster"],
      ...{ profile: stack, nodes: 1, nodeNetwork },
    };
    const changes = {
      "provenet:cluster": cluster,
      "provenet:network": network,
      "provenet:apps": { web },
    };
    await writeFile(stackFile, stringify({ config: { ...config, ...changes } }));
  });

  after(async () => {
    await npmRun("down", [stack]);
    await rm(stackFile, { force: true });
  });

  it("is built as it is, with its own pools and node network", async () => {
    const up = await npmRun("up", [stack]);
    expect(up.exitCode, up.output.slice(-4000)).to.equal(0);

    const listed = await inShell(stack, "client", [
      ...["kubectl", "get", "ipaddresspools.metallb.io", "-n", "metallb-system", "-o", "json"],
    ]);
    const { items } = JSON.parse(listed.stdout) as {
      items: { metadata: { name: string }; spec: { addresses: string[] } }[];
    };
    const built = items.map(({ metadata, spec }) => ({
      name: metadata.name,
      addresses: spec.addresses,
    }));
    expect(built).to.have.deep.members(pools);

    const web = await inLab("client", ["curl", "--silent", "--max-time", "5", "192.168.60.64"]);
    expect(web.output).to.match(/^provenet web\npod web-/);
    const effective = join(stateFolder, "workspace", `Pulumi.${stack}.yaml`);
    const source = parse(await readFile(stackFile, "utf8")) as { config: object };
    expect(parse(await readFile(effective, "utf8"))).to.deep.include(source);
  });
});
