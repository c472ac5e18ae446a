import { expect } from "chai";

import {
  WebApplication,
  type WebApplicationArgs,
} from "../../../components/apps/webApplication/webApplication.ts";
import { faultsInWebApplication } from "../../../components/apps/webApplication/faults.ts";
import { bodyMark, serverConfig, webPort } from "../../../components/apps/webApplication/server.ts";
import { configHash } from "../../../components/kubernetes/configHash.ts";
import { named, record } from "../../support/recording.ts";
import type { Endpoint } from "../../../components/shared/endpoint.ts";
import { at, failureOf, podSpec, withAddress } from "../network/given.ts";

const args: WebApplicationArgs = {
  image: "web:1",
  host: "web.provenet.test",
  address: { pool: "routed" },
  ingressClassName: "nginx",
};

const run = (given: Partial<WebApplicationArgs> = {}) =>
  record(() => ({ endpoints: new WebApplication("web", { ...args, ...given }).endpoints }), {
    outputs: (resource) =>
      resource.type.endsWith(":Ingress")
        ? { status: { loadBalancer: { ingress: [{ ip: "192.0.2.8" }] } } }
        : withAddress(resource),
  });

describe("WebApplication", () => {
  it("consists of namespace, configuration, Deployment, two Services and an Ingress", async () => {
    const { resources } = await run();
    expect(
      resources.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`),
    ).to.have.members([
      "WebApplication web",
      "Namespace web-namespace",
      "ConfigMap web-config",
      "Deployment web-deployment",
      "Service web-service",
      "Service web-load-balancer",
      "Ingress web-ingress",
    ]);
  });

  it("probes its pods on the port that they expose and listen on", async () => {
    const container = at(
      podSpec(named((await run()).resources, "web-deployment")),
      "containers",
      0,
    );
    expect(at(container, "ports")).to.deep.equal([{ name: "http", containerPort: webPort }]);
    expect(at(container, "readinessProbe", "httpGet")).to.deep.equal({
      path: "/healthz",
      port: "http",
    });
    expect(at(container, "livenessProbe", "httpGet", "port")).to.equal("http");
    expect(serverConfig()).to.contain(`listen ${webPort};`).and.to.contain("location = /healthz");
  });

  it("keeps the requested number of pods during an update and fails after 3 minutes", async () => {
    const { inputs } = named((await run({ replicas: 3 })).resources, "web-deployment");
    expect(inputs.spec).to.deep.include({
      replicas: 3,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      progressDeadlineSeconds: 180,
    });
  });

  it("has two pods by default, spread over the nodes", async () => {
    const deployment = named((await run()).resources, "web-deployment");
    expect(at(deployment.inputs, "spec", "replicas")).to.equal(2);
    expect(at(podSpec(deployment), "topologySpreadConstraints", 0, "topologyKey")).to.equal(
      "kubernetes.io/hostname",
    );
  });

  it("runs without root on a read-only file system, except for /tmp", async () => {
    const pod = podSpec(named((await run()).resources, "web-deployment"));
    expect(at(pod, "securityContext", "runAsNonRoot")).to.equal(true);
    expect(at(pod, "containers", 0, "securityContext")).to.deep.equal({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(at(pod, "containers", 0, "volumeMounts")).to.deep.include({
      name: "tmp",
      mountPath: "/tmp",
    });
  });

  it("replaces its pods when the configuration changes", async () => {
    const { resources } = await run();
    const data = named(resources, "web-config").inputs.data as Record<string, string>;
    const deployment = named(resources, "web-deployment");
    expect(at(deployment.inputs, "spec", "template", "metadata", "annotations")).to.deep.equal(
      configHash(data),
    );
    expect(configHash(data)).not.to.deep.equal(configHash({ ...data, "web.conf": "server {}" }));
  });

  it("has Services that select its pods and forward to the named port", async () => {
    const { resources } = await run();
    const labels = at(
      named(resources, "web-deployment").inputs,
      ...["spec", "template", "metadata", "labels"],
    );
    for (const name of ["web-service", "web-load-balancer"]) {
      const { inputs } = named(resources, name);
      expect(at(inputs, "spec", "selector"), name).to.deep.equal(labels);
      expect(at(inputs, "spec", "ports"), name).to.deep.equal([
        { name: "http", port: 80, targetPort: "http" },
      ]);
    }
  });

  it("takes its address from the pool that it names", async () => {
    const { inputs } = named((await run()).resources, "web-load-balancer");
    expect(at(inputs, "metadata", "annotations")).to.deep.equal({
      "metallb.io/address-pool": "routed",
    });
    expect(inputs.spec).to.include({ type: "LoadBalancer", externalTrafficPolicy: "Cluster" });
  });

  it("has an Ingress that names its class and forwards to the ClusterIP Service", async () => {
    const { inputs } = named((await run()).resources, "web-ingress");
    expect(inputs.spec).to.deep.equal({
      ingressClassName: "nginx",
      rules: [
        {
          host: "web.provenet.test",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "web", port: { name: "http" } } },
              },
            ],
          },
        },
      ],
    });
  });

  it("publishes its address as page and port, and its host name at the ingress controller", async () => {
    const direct = {
      address: "192.0.2.7",
      service: { namespace: "web", name: "web-load-balancer" },
      staleWith: ["web:1", 2],
    };
    const endpoints: Endpoint[] = [
      { ...direct, name: "web", expect: { kind: "http", body: bodyMark } },
      { ...direct, name: "web-tcp", expect: { kind: "tcp", port: 80 } },
      {
        name: "web-ingress",
        address: "192.0.2.8",
        service: { namespace: "ingress-nginx", name: "ingress-nginx-controller" },
        staleWith: ["web:1", 2],
        expect: { kind: "http", host: "web.provenet.test", body: bodyMark },
      },
    ];
    expect((await run()).result).to.deep.equal({ endpoints });
  });

  it("makes old verdicts stale when image or replicas change", async () => {
    const staleWith = async (given: Partial<WebApplicationArgs>) =>
      at((await run(given)).result, "endpoints", 0, "staleWith");
    expect(await staleWith({ image: "web:2" })).to.deep.equal(["web:2", 2]);
    expect(await staleWith({ replicas: 3 })).to.deep.equal(["web:1", 3]);
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await record(
      () => {
        new WebApplication("one", args);
        new WebApplication("two", { ...args, host: "two.provenet.test" });
      },
      { outputs: withAddress },
    );
    const objects = resources.map(({ type, inputs }) =>
      [type, at(inputs, "metadata", "namespace"), at(inputs, "metadata", "name")].join(),
    );
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(14);
    expect(new Set(objects.filter((object) => object.startsWith("kubernetes"))).size).to.equal(12);
  });

  it("names all faults of its arguments at once", async () => {
    const message = await failureOf(run({ host: "Web!", replicas: 0 }));
    expect(message).to.contain('host: "Web!" is not a host name');
    expect(message).to.contain("replicas: 0 is not a number of pods");
  });
});

describe("the web server's page", () => {
  it("begins with the mark and names the pod, as plain text", () => {
    expect(serverConfig()).to.contain(`return 200 "${bodyMark}\\npod $hostname\\n";`);
    expect(serverConfig()).to.contain("default_type text/plain;");
  });
});

describe("a web application's host name", () => {
  for (const host of ["a", "web.provenet.test", "a-b.c1.example"]) {
    it(`may be ${host}`, () => {
      expect(faultsInWebApplication({ host, replicas: 1 })).to.deep.equal([]);
    });
  }
  for (const host of [
    "",
    "A.example",
    "-a.example",
    "a-.example",
    "a..b",
    "a_b",
    "*.example",
    `${"a".repeat(64)}.b`,
  ]) {
    it(`may not be "${host}"`, () => {
      expect(faultsInWebApplication({ host, replicas: 1 })).to.have.length(1);
    });
  }
});
