/** Starts the pack like a language host, and sends it requests like the engine. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { credentials, type Client, type ServiceError } from "@grpc/grpc-js";
import analyzerGrpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";

import { urnOf, wireOf, type Subject } from "./support.ts";

const directory = fileURLToPath(new URL("../../policies", import.meta.url));
const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack");

/** The running pack. */
export class Pack {
  readonly #process: ChildProcess;
  readonly #client: Client;

  private constructor(process: ChildProcess, port: string) {
    this.#process = process;
    const { AnalyzerClient } = analyzerGrpc as unknown as {
      AnalyzerClient: new (address: string, credentials: unknown) => Client;
    };
    this.#client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  static async start(signal: AbortSignal, env: NodeJS.ProcessEnv = {}): Promise<Pack> {
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", directory], {
      cwd: directory,
      env: { ...process.env, ...env },
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
      // A pack that keeps running would keep the test run from ending.
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
    const urns = new Map(subjects.map((subject) => [subject.name ?? "", urnOf(subject)]));
    const urnsOf = (names: readonly string[] = []) => names.flatMap((name) => urns.get(name) ?? []);
    request.setResourcesList(
      subjects.map((subject) => {
        const resource = fill(new analyzer.AnalyzerResource(), subject);
        resource.setParent(urnsOf([subject.parent ?? ""])[0] ?? "");
        resource.setDependenciesList(urnsOf(subject.dependsOn));
        return resource;
      }),
    );
    return findings(await this.call<Answer>("analyzeStack", request));
  }
}

type Answer = InstanceType<typeof analyzer.AnalyzeResponse>;
export type Finding = [rule: string, level: number, message: string];

function findings(answer: Answer): Finding[] {
  return answer
    .getDiagnosticsList()
    .map((found) => [found.getPolicyname(), found.getEnforcementlevel(), found.getMessage()]);
}

type Message = InstanceType<typeof analyzer.AnalyzeRequest | typeof analyzer.AnalyzerResource>;

function fill<M extends Message>(message: M, subject: Subject): M {
  const { type, name = "subject", props } = subject;
  message.setType(type);
  message.setName(name);
  message.setUrn(urnOf(subject));
  message.setProperties(wireOf(props) as Parameters<M["setProperties"]>[0]);
  message.setOptions(new analyzer.AnalyzerResourceOptions());
  return message;
}
