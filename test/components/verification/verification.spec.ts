import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { Endpoint } from "../../../components/shared/endpoint.ts";
import { Verification } from "../../../components/verification/verification.ts";
import { parseVantage } from "../../../net/vantage.ts";
import { type Answers, named, record } from "../../support/recording.ts";
import { nodeWith } from "../../support/nodes.ts";
import { probeStdout, provedVerdict } from "../../support/verdict.ts";
import { failureOf } from "../network/given.ts";

const endpoints: Endpoint[] = [
  { name: "page", address: "192.0.2.7", expect: { kind: "http" }, staleWith: ["image:1", 2] },
  { name: "port", address: "192.0.2.8", expect: { kind: "tcp", port: 443 } },
  { name: "host", address: "192.0.2.8", expect: { kind: "http", host: "web.test" } },
];

const cluster = {
  uid: pulumi.output("uid-1"),
  kubeconfigPath: pulumi.output("path/of/kubeconfig"),
  context: pulumi.output("home"),
  nodes: pulumi.output([nodeWith()]),
};

const pods = {
  namespace: "verification-vantage",
  selector: "app.kubernetes.io/name=vantage,app.kubernetes.io/instance=verification-vantage",
};

const outputs: Answers["outputs"] = ({ type, name, inputs }) =>
  type.startsWith("command:") && name.endsWith("-probe") ? { stdout: probeStdout(inputs) } : {};

const args = {
  endpoints,
  path: pulumi.output(["route 1"]),
  client: { router: parseVantage("ssh:router") },
  vantage: { image: "vantage:1" },
  cluster,
  workloads: {},
};

const run = (given: Partial<typeof args> = {}) =>
  record(
    () => {
      const { urls, addresses, requests, verdicts } = new Verification("verification", {
        ...args,
        ...given,
      });
      return { urls, addresses, requests, verdicts };
    },
    { outputs },
  );

describe("Verification", () => {
  it("has one check for each endpoint, and one for the cluster's DNS", async () => {
    const { resources } = await run();
    expect(
      resources
        .filter(({ parent }) => parent === "verification")
        .map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`),
    ).to.deep.equal([
      "HttpCheck verification-page",
      "RouteCheck verification-port",
      "HttpCheck verification-host",
      "PodVantage verification-vantage",
      "ClusterDnsCheck verification-cluster-dns",
    ]);
  });

  it("resolves to what was proved, by endpoint name, in the order of the endpoints, with the DNS last", async () => {
    const router = "ssh:router";
    const requests = [
      { ask: "http", name: "page", router, url: "http://192.0.2.7/", status: 200 },
      { ask: "route", name: "port", router, address: "192.0.2.8", port: 443 },
      {
        ask: "http",
        name: "host",
        router,
        url: "http://web.test/",
        address: "192.0.2.8",
        status: 200,
      },
      {
        ask: "cluster-dns",
        name: "cluster-dns",
        service: { namespace: "default", name: "kubernetes" },
        pods,
      },
    ] as const;
    expect((await run()).result).to.deep.equal({
      urls: { page: "http://192.0.2.7/", host: "http://web.test/" },
      addresses: { page: "192.0.2.7", port: "192.0.2.8", host: "192.0.2.8" },
      requests,
      verdicts: requests.map(provedVerdict),
    });
  });

  it("asks the probe again when the cluster, the path or what answers has changed", async () => {
    const { resources } = await run();
    const triggers = (name: string) =>
      (named(resources, `verification-${name}-probe`).inputs.triggers as unknown[]).slice(1);
    expect(triggers("page")).to.deep.equal(["uid-1", ["route 1"], "image:1", 2]);
    expect(triggers("port")).to.deep.equal(["uid-1", ["route 1"]]);
    expect(triggers("cluster-dns")).to.deep.equal(["uid-1", ["route 1"], ["one"], "vantage:1"]);
  });

  it("passes the cluster's kubeconfig to the probe", async () => {
    const { inputs } = named((await run()).resources, "verification-port-probe");
    expect(inputs.environment).to.deep.equal({
      KUBECONFIG: "path/of/kubeconfig",
      PROVENET_CONTEXT: "home",
      PROVENET_CLUSTER_UID: "uid-1",
    });
  });

  it("runs a check after what the address, the path and the cluster come from", async () => {
    const { resources } = await record(
      () => {
        const [address, path, uid, kubeconfigPath] = ["address", "path", "uid", "kubeconfig"].map(
          (name) => new command.local.Command(name, { create: "true" }).id,
        );
        if (!address || !path || !uid || !kubeconfigPath) throw new Error("no command");
        new Verification("verification", {
          endpoints: [{ name: "port", address, expect: { kind: "tcp", port: 80 } }],
          path: path.apply((id) => [id]),
          client: {},
          vantage: { image: "vantage:1" },
          cluster: { ...cluster, uid, kubeconfigPath, context: kubeconfigPath },
          workloads: {},
        });
      },
      { outputs },
    );
    expect(named(resources, "verification-port-probe").dependsOn).to.deep.equal([
      "address",
      "kubeconfig",
      "path",
      "uid",
    ]);
  });

  it("resolves no output before the endpoints in it are proved", async () => {
    const names = ["urls", "addresses", "requests", "verdicts"] as const;
    const { resources } = await record(
      () => {
        const verification = new Verification("verification", args);
        for (const name of names) {
          new command.local.Command(name, { create: pulumi.jsonStringify(verification[name]) });
        }
      },
      { outputs },
    );
    const http = ["verification-host-probe", "verification-page-probe"];
    const endpointProbes = [...http, "verification-port-probe"];
    expect(named(resources, "urls").dependsOn).to.deep.equal(http);
    expect(named(resources, "addresses").dependsOn).to.deep.equal(endpointProbes);
    for (const name of names.slice(2)) {
      expect(named(resources, name).dependsOn, name).to.include.members([
        "verification-cluster-dns-probe",
        ...endpointProbes,
      ]);
    }
  });

  it("refuses two endpoints of one name", async () => {
    const message = await failureOf(run({ endpoints: [...endpoints, ...endpoints.slice(1, 2)] }));
    expect(message).to.contain('endpoints[3].name: "port" is taken by another check');
  });

  it("refuses an endpoint with the name of the DNS check", async () => {
    const [page] = endpoints;
    if (page === undefined) throw new Error("no endpoint");
    const message = await failureOf(run({ endpoints: [{ ...page, name: "cluster-dns" }] }));
    expect(message).to.contain('endpoints[0].name: "cluster-dns" is taken by another check');
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await record(
      () => {
        for (const name of ["one", "two"]) new Verification(name, args);
      },
      { outputs },
    );
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(resources.length);
  });
});
