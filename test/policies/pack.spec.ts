import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { credentials, type Client, type ServiceError } from "@grpc/grpc-js";
import analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import { expect } from "chai";

import { reference } from "../../policies/reference.ts";
import { rules } from "../../policies/rules.ts";
import {
  deployment,
  changed,
  container,
  secret,
  unknown,
  wireOf,
  type Subject,
} from "./support.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");
const { Empty } = createRequire(import.meta.url)("google-protobuf/google/protobuf/empty_pb.js") as {
  Empty: new () => object;
};

/** The pack, started as a language host starts it. */
class Pack {
  readonly #process: ChildProcess;
  readonly #client: Client;

  private constructor(process: ChildProcess, port: string) {
    this.#process = process;
    const { AnalyzerClient } = analyzerGrpc as unknown as {
      AnalyzerClient: new (address: string, credentials: unknown) => Client;
    };
    this.#client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  static async start(signal: AbortSignal): Promise<Pack> {
    const directory = `${root}policies`;
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", directory], {
      cwd: directory,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit").then(([code]): never => {
      throw new Error(`the pack ended with ${String(code)} before it printed its port`);
    });
    try {
      const line = once(createInterface(child.stdout), "line", { signal });
      const [port] = (await Promise.race([line, ended])) as [string];
      ended.catch(() => undefined);
      return new Pack(child, port);
    } catch (error) {
      // A pack that is left behind would keep the whole test run from ending.
      child.kill();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#client.close();
    this.#process.kill();
    await once(this.#process, "exit");
  }

  call<Response>(method: string, request: object): Promise<Response> {
    type Done = (error: ServiceError | null, response: Response) => void;
    const methods = this.#client as unknown as Record<
      string,
      ((request: object, done: Done) => void) | undefined
    >;
    const of = methods[method]?.bind(this.#client);
    if (of === undefined) throw new Error(`the analyzer has no method ${method}`);
    return promisify<object, Response>(of)(request);
  }

  async analyze(subject: Subject): Promise<Finding[]> {
    const request = fill(new analyzer.AnalyzeRequest(), subject);
    return findings(await this.call<Answer>("analyze", request));
  }

  async analyzeStack(...subjects: readonly Subject[]): Promise<Finding[]> {
    const request = new analyzer.AnalyzeStackRequest();
    request.setResourcesList(
      subjects.map((subject) => fill(new analyzer.AnalyzerResource(), subject)),
    );
    return findings(await this.call<Answer>("analyzeStack", request));
  }
}

type Answer = InstanceType<typeof analyzer.AnalyzeResponse>;
type Finding = [rule: string, level: number, message: string];

function findings(answer: Answer): Finding[] {
  return answer
    .getDiagnosticsList()
    .map((found) => [found.getPolicyname(), found.getEnforcementlevel(), found.getMessage()]);
}

type Message = InstanceType<typeof analyzer.AnalyzeRequest | typeof analyzer.AnalyzerResource>;

function fill<M extends Message>(message: M, { type, name = "subject", props }: Subject): M {
  message.setType(type);
  message.setName(name);
  message.setUrn(`urn:pulumi:dev::provenet::${type}::${name}`);
  message.setProperties(wireOf(props) as Parameters<M["setProperties"]>[0]);
  message.setOptions(new analyzer.AnalyzerResourceOptions());
  return message;
}

const { ADVISORY, MANDATORY } = analyzer.EnforcementLevel;

describe("the policy pack", () => {
  let pack: Pack;
  before(async function () {
    this.timeout(31_000);
    pack = await Pack.start(AbortSignal.timeout(30_000));
  });
  after(() => (pack as Pack | undefined)?.stop());

  it("registers every rule with its level and settings", async () => {
    type Information = InstanceType<typeof analyzer.AnalyzerInfo>;
    const information = await pack.call<Information>("getAnalyzerInfo", new Empty());
    expect(information.getName()).to.equal("provenet");
    const registered = information.getPoliciesList().map((policy) => ({
      name: policy.getName(),
      level: policy.getEnforcementlevel(),
      settings: policy.getConfigschema()?.getProperties()?.toJavaScript(),
    }));
    expect(registered).to.deep.equal(
      rules.map(({ name, enforcementLevel, configSchema }) => ({
        name,
        level: enforcementLevel === "advisory" ? ADVISORY : MANDATORY,
        settings: configSchema?.properties,
      })),
    );
  });

  it("finds nothing in what is right", async () => {
    expect(await pack.analyze(deployment)).to.deep.equal([]);
    expect(await pack.analyzeStack(deployment)).to.deep.equal([]);
  });

  it("names the rule, its level and what to set", async () => {
    const found = await pack.analyze(changed(deployment, [...container, "image"], "nginx"));
    expect(found.map(([rule, level]) => [rule, level])).to.deep.equal([
      ["image-is-pinned", MANDATORY],
    ]);
    expect(found[0]?.[2]).to.contain("containers[0].image is nginx; set NAME@sha256:DIGEST");
  });

  it("has nothing to say of values that nobody knows yet", async () => {
    const type = deployment.type;
    for (const props of [{ metadata: unknown, spec: unknown }, { spec: { template: unknown } }]) {
      expect(await pack.analyze({ type, props })).to.deep.equal([]);
    }
  });

  it("knows the inputs of objects that have no outputs yet", async () => {
    const service = { type: "kubernetes:core/v1:Service", name: "web" };
    await pack.analyze({ ...service, props: { spec: { selector: { app: "web" } } } });
    const found = await pack.analyzeStack({ ...service, props: {} });
    expect(found.map(([rule]) => rule)).to.deep.equal(["service-selects-a-workload"]);
  });

  it("tells a secret from what is in the open, which the SDK keeps from rules", async () => {
    const stack = (kubeconfig: unknown): Subject => ({
      type: "pulumi:pulumi:Stack",
      name: "dev",
      props: { kubeconfig },
    });
    expect(await pack.analyzeStack(stack(secret(unknown)))).to.deep.equal([]);
    const found = await pack.analyzeStack(stack(unknown));
    expect(found.map(([rule, level]) => [rule, level])).to.deep.equal([
      ["kubeconfig-is-secret", MANDATORY],
    ]);
  });
});

describe("the rules", () => {
  it("have names of their own, in kebab case, that their files and constants have too", async () => {
    const names = rules.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const [index, name] of names.entries()) {
      expect(name).to.match(/^[a-z]+(?:-[a-z0-9]+)+$/);
      const exported = (await import(`../../policies/rules/${name}.ts`)) as Record<string, unknown>;
      const constant = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
      expect(Object.keys(exported)).to.deep.equal([constant]);
      expect(exported[constant]).to.equal(rules[index]);
    }
  });

  for (const rule of rules) {
    it(`say of ${rule.name} all that there is to say`, () => {
      for (const field of ["displayName", "description", "remediationSteps", "severity"] as const) {
        expect(rule[field], field).to.be.a("string").and.not.be.empty;
      }
      expect(rule.url).to.match(/^https:\/\//);
      expect(rule.tags).to.be.an("array").and.not.be.empty;
      expect(rule.enforcementLevel).to.be.oneOf(["mandatory", "advisory"]);
      for (const [key, setting] of Object.entries(rule.configSchema?.properties ?? {})) {
        expect(setting, key).to.have.property("default");
        expect(setting.description, key).to.be.a("string");
      }
    });
  }

  it("are in the reference as they are: node policies/reference.ts > docs/policies.md", async () => {
    expect(await readFile(`${root}/docs/policies.md`, "utf8")).to.equal(reference());
  });
});
