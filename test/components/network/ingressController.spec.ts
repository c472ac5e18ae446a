import { expect } from "chai";

import {
  IngressController,
  type IngressControllerArgs,
} from "../../../components/network/ingressController/ingressController.ts";
import { serviceOfClass } from "../../../components/network/ingressController/names.ts";
import { named, record, type Recorded } from "../../support/recording.ts";
import { at, containers, failureOf, podSpec, rulesOf, withAddress } from "./given.ts";

const args: IngressControllerArgs = { image: "ingress:1", address: { pool: "home" } };

const run = (given: Partial<IngressControllerArgs> = {}, preview = false) =>
  record(
    () => {
      const { address } = new IngressController("ingress", { ...args, ...given });
      return { address };
    },
    { outputs: withAddress, preview },
  );

const argumentsOf = (resources: readonly Recorded[]): unknown =>
  at(podSpec(named(resources, "ingress-controller")), "containers", 0, "args");

describe("IngressController", () => {
  it("consists of namespace, RBAC, settings, Service, Deployment and class", async () => {
    const { resources } = await run();
    expect(
      resources.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`),
    ).to.have.members([
      "IngressController ingress",
      "Namespace ingress-namespace",
      "ServiceAccount ingress-account",
      "ClusterRole ingress-cluster-role",
      "ClusterRoleBinding ingress-cluster-role-binding",
      "Role ingress-role",
      "RoleBinding ingress-role-binding",
      "ConfigMap ingress-config",
      "Service ingress-service",
      "Deployment ingress-controller",
      "IngressClass ingress-class",
    ]);
  });

  it("takes its address from the pool that it names", async () => {
    const service = named((await run()).resources, "ingress-service");
    expect(at(service.inputs, "metadata", "annotations")).to.deep.equal({
      "metallb.io/address-pool": "home",
    });
  });

  it("answers through any node that announces the address", async () => {
    const service = named((await run()).resources, "ingress-service");
    expect(service.inputs.spec).to.include({
      type: "LoadBalancer",
      externalTrafficPolicy: "Cluster",
    });
  });

  it("publishes its Service and serves its class, with upstream's names", async () => {
    const { resources } = await run();
    expect(argumentsOf(resources)).to.include.members([
      "--publish-service=$(POD_NAMESPACE)/ingress-nginx-controller",
      "--election-id=ingress-nginx-leader",
      "--controller-class=k8s.io/ingress-nginx",
      "--ingress-class=nginx",
      "--configmap=$(POD_NAMESPACE)/ingress-nginx-controller",
    ]);
    expect(at(named(resources, "ingress-service").inputs, "metadata", "name")).to.equal(
      "ingress-nginx-controller",
    );
  });

  it("shares no name in the cluster with a controller of another class", async () => {
    const clusterWide = ({ type, inputs }: Recorded) =>
      /:(?:Namespace|ClusterRole|ClusterRoleBinding|IngressClass)$/.test(type)
        ? [`${type} ${String(at(inputs, "metadata", "name"))}`]
        : [];
    const [first, second] = [await run(), await run({ className: "inner" })].map(({ resources }) =>
      resources.flatMap(clusterWide),
    );
    expect(first).to.have.length(4);
    expect(second)
      .to.have.length(4)
      .and.not.to.include.oneOf(first ?? []);
  });

  it("creates Service and Deployment at the same time, because each needs the other", async () => {
    const { resources } = await run();
    expect(named(resources, "ingress-service").dependsOn).not.to.include("ingress-controller");
    expect(named(resources, "ingress-controller").dependsOn).not.to.include("ingress-service");
  });

  it("is probed on a port that it exposes", async () => {
    const { resources } = await run();
    const controller = at(podSpec(named(resources, "ingress-controller")), "containers", 0);
    expect(at(controller, "readinessProbe", "httpGet")).to.deep.equal({
      path: "/healthz",
      port: "health",
    });
    expect(at(controller, "ports")).to.deep.include({ name: "health", containerPort: 10254 });
  });

  it("binds low ports without root", async () => {
    const [controller] = containers((await run()).resources);
    expect(at(controller?.spec, "securityContext")).to.deep.include({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
    });
    const pod = podSpec(named((await run()).resources, "ingress-controller"));
    expect(at(pod, "securityContext")).to.include({ runAsNonRoot: true, runAsUser: 101 });
  });

  it("leaves LD_PRELOAD of upstream's image as it is", async () => {
    const [controller] = containers((await run()).resources);
    expect(JSON.stringify(at(controller?.spec, "env"))).not.to.contain("LD_PRELOAD");
  });

  it("updates without an interruption", async () => {
    const deployment = named((await run()).resources, "ingress-controller");
    expect(at(deployment.inputs, "spec", "strategy", "rollingUpdate")).to.deep.equal({
      maxSurge: 1,
      maxUnavailable: 0,
    });
  });

  it("passes settings on", async () => {
    const { resources } = await run({ settings: { "proxy-body-size": "8m" } });
    expect(named(resources, "ingress-config").inputs.data).to.deep.equal({
      "proxy-body-size": "8m",
    });
  });

  it("may write only addresses, events and its lease", async () => {
    const writes = rulesOf((await run()).resources)
      .filter(({ verbs }) => verbs?.some((verb) => !["get", "list", "watch"].includes(verb)))
      .flatMap(({ resources }) => resources ?? []);
    expect(new Set(writes)).to.deep.equal(new Set(["ingresses/status", "events", "leases"]));
  });

  it("resolves its address", async () => {
    expect((await run()).result).to.deep.equal({ address: "192.0.2.7" });
  });

  it("has the Service that its class's name implies", async () => {
    for (const className of ["nginx", "inner"]) {
      const { inputs } = named((await run({ className })).resources, "ingress-service");
      const { namespace, name } = inputs.metadata as Record<string, string>;
      expect({ namespace, name }).to.deep.equal(serviceOfClass(className));
    }
  });

  it("leaves room for a second one in the same stack", async () => {
    const { resources } = await record(
      () => {
        new IngressController("outer", args);
        new IngressController("inner", { ...args, className: "inner" });
      },
      { outputs: withAddress },
    );
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(resources.length);
  });

  it("refuses a class that cannot be part of a name", async () => {
    const message = await failureOf(run({ className: "Nginx!" }));
    expect(message).to.contain('className: "Nginx!" is not a class name');
  });
});
