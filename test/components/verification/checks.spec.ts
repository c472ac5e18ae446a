import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { IngressCheck } from "../../../components/verification/ingressCheck.ts";
import { RouteCheck } from "../../../components/verification/routeCheck.ts";
import { ServiceCheck, httpUrl } from "../../../components/verification/serviceCheck.ts";
import { checkRequest } from "../../../probe/request.ts";
import { type Answers, named, record } from "../../support/recording.ts";

const kubeconfigPath = "path/of/kubeconfig";
const service = { namespace: "web", name: "web-load-balancer" };

/** One check of each kind, and what it asks. */
const kinds = [
  {
    token: "RouteCheck",
    create: (name: string, address: pulumi.Input<string>, router?: string) =>
      new RouteCheck(name, { address, port: 80, kubeconfigPath, service, router }),
    request: { ask: "route", name: "seen", service, address: "192.0.2.7", port: 80 },
    outputs: { address: "192.0.2.7" },
  },
  {
    token: "ServiceCheck",
    create: (name: string, address: pulumi.Input<string>, router?: string) =>
      new ServiceCheck(name, { address, kubeconfigPath, service, router, body: "mark" }),
    request: {
      ask: "http",
      name: "seen",
      service,
      url: "http://192.0.2.7/",
      status: 200,
      body: "mark",
    },
    outputs: { address: "192.0.2.7", url: "http://192.0.2.7/" },
  },
  {
    token: "IngressCheck",
    create: (name: string, address: pulumi.Input<string>, router?: string) =>
      new IngressCheck(name, {
        address,
        host: "web.test",
        path: "/x",
        kubeconfigPath,
        service,
        router,
      }),
    request: {
      ask: "http",
      name: "seen",
      service,
      url: "http://web.test/x",
      address: "192.0.2.7",
      status: 200,
    },
    outputs: { address: "192.0.2.7", url: "http://web.test/x" },
  },
] as const;

/** The outputs of a check. */
const fieldsOf = (check: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(check).filter(([, value]) => pulumi.Output.isInstance(value)));

for (const { token, create, request, outputs } of kinds) {
  const run = (
    answers: Answers = {},
    address: pulumi.Input<string> = "192.0.2.7",
    router?: string,
  ) => record(() => fieldsOf(create("seen", address, router)), answers);

  describe(`a ${token}`, () => {
    it("asks the probe one question, on its standard input", async () => {
      const { resources } = await run();
      expect(resources.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([
        `provenet:verification:${token} seen`,
        "command:local:Command seen-probe",
      ]);
      const { inputs, parent } = named(resources, "seen-probe");
      expect(parent).to.equal("seen");
      expect(inputs.create).to.equal("node probe/main.ts request --json");
      const asked: unknown = JSON.parse(String(inputs.stdin));
      expect(asked).to.deep.equal({ ...request, deadlineSeconds: 30 });
      expect(checkRequest(asked).name).to.equal("seen");
    });

    it("gives the probe the kubeconfig's path, in its environment", async () => {
      const { resources } = await run();
      const { inputs } = named(resources, "seen-probe");
      expect(inputs.environment).to.deep.equal({ KUBECONFIG: kubeconfigPath });
      expect(inputs.addPreviousOutputInEnv).to.equal(false);
    });

    it("gives what it proved, and the question with the probe's own deadline", async () => {
      const { result } = await run();
      expect(result.request).to.deep.equal(request);
      for (const [name, value] of Object.entries(outputs)) expect(result[name]).to.equal(value);
    });

    it("names the router where there is one", async () => {
      const { result } = await run({}, "192.0.2.7", "ssh:router");
      expect(result.request).to.deep.equal({ ...request, router: "ssh:router" });
    });

    it("gives nothing when the probe did not prove it", async () => {
      const failing = ({ type }: { readonly type: string }) => {
        if (type.startsWith("command:")) throw new Error("exit status 1");
        return {};
      };
      let message = "";
      try {
        await record(() => fieldsOf(create("seen", "192.0.2.7")), { outputs: failing });
      } catch (error) {
        message = String(error);
      }
      expect(message).to.match(/seen-probe .*exit status 1/);
    });

    it("asks again when the question changes, and not when nothing does", async () => {
      const triggers = async (address: string) =>
        named((await run({}, address)).resources, "seen-probe").inputs.triggers;
      const before = await triggers("192.0.2.7");
      expect(await triggers("192.0.2.7")).to.deep.equal(before);
      expect(await triggers("192.0.2.8")).not.to.deep.equal(before);
    });
  });
}

describe("a check", () => {
  it("asks again when what makes its verdict stale changes", async () => {
    const triggers = async (image: string) => {
      const staleWith = [image, { replicas: 2 }];
      const args = { address: "192.0.2.7", port: 80, kubeconfigPath, staleWith };
      const { resources } = await record(() => new RouteCheck("seen", args).address);
      return named(resources, "seen-probe").inputs.triggers as unknown[];
    };
    expect((await triggers("a")).slice(1)).to.deep.equal(["a", { replicas: 2 }]);
    expect(await triggers("b")).not.to.deep.equal(await triggers("a"));
  });

  it("asks as long as it is told", async () => {
    const args = { address: "192.0.2.7", port: 80, kubeconfigPath, deadlineSeconds: 5 };
    const { resources } = await record(() => new RouteCheck("seen", args).address);
    expect(JSON.parse(String(named(resources, "seen-probe").inputs.stdin))).to.include({
      deadlineSeconds: 5,
    });
  });

  it("may stand beside another in one stack", async () => {
    const { resources } = await record(() => {
      for (const name of ["one", "two"]) {
        new RouteCheck(name, { address: "192.0.2.7", port: 80, kubeconfigPath });
      }
      return {};
    });
    expect(new Set(resources.map(({ name }) => name)).size).to.equal(4);
  });
});

describe("an address' URL", () => {
  it("has brackets for IPv6 alone", () => {
    expect(httpUrl("192.0.2.7")).to.equal("http://192.0.2.7/");
    expect(httpUrl("2001:db8::7")).to.equal("http://[2001:db8::7]/");
  });
});
