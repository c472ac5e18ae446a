import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";

import { stringify } from "yaml";

import { installStandIns } from "../../../stand-ins/install.ts";
import type { Tools } from "./tools.ts";

/** A Pulumi project: its name and its folder. */
export interface Project {
  readonly name: string;
  readonly directory: string;
}

const smallProject: Project = {
  name: "engine-tests",
  directory: path.join(import.meta.dirname, "..", "program"),
};

/** A command that takes longer is interrupted, so that what it printed is seen. */
const limitMilliseconds = 50_000;

/** The folder of the policy pack with one rule of each kind. */
export const policyPack = path.join(import.meta.dirname, "..", "policies");

/** How a command ended. */
export interface Result {
  readonly code: number | null;
  /** Everything that it printed. */
  readonly output: string;
  readonly milliseconds: number;
}

/** A resource in the state file. */
export interface Recorded {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly initErrors?: readonly string[];
}

/** The state of a stack as it lies on disk. */
export interface Recordings {
  readonly text: string;
  readonly resources: readonly Recorded[];
  readonly pending: readonly { readonly type: string; readonly resource: Recorded }[];
}

/** The plugins that the user has installed. */
function officialPlugins(): string {
  return path.join(process.env.PULUMI_HOME ?? path.join(homedir(), ".pulumi"), "plugins");
}

/** The engine with its plugins and an own place for state: nothing of this machine's Pulumi is touched. */
export class Workplace {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;

  private constructor(directory: string, environment: NodeJS.ProcessEnv) {
    this.directory = directory;
    this.environment = environment;
  }

  /** Sets it up in a temporary folder. */
  static async open(tools: Tools): Promise<Workplace> {
    const directory = await mkdtemp(path.join(tmpdir(), "provenet-engine-"));
    const [bin, home, state] = ["bin", "home", "state"].map((name) =>
      path.join(directory, name),
    ) as [string, string, string];
    await mkdir(state);
    const official = process.env.PROVENET_OFFICIAL_PLUGINS === "1";
    if (official) {
      await mkdir(home);
      await symlink(officialPlugins(), path.join(home, "plugins"));
    } else {
      await installStandIns({
        node: tools.node,
        pulumiBinary: tools.pulumi,
        directory: bin,
        pulumiHome: home,
      });
    }
    return new Workplace(directory, {
      ...process.env,
      PATH: official ? process.env.PATH : `${bin}:${process.env.PATH ?? ""}`,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "engine tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // Every start of a plugin shows what it costs without what others have left in a cache.
      NODE_COMPILE_CACHE: path.join(directory, "compile-cache"),
    });
  }

  /** Makes a stack, of the small program unless another is given. */
  async stack(name: string, project = smallProject): Promise<Stack> {
    const stack = new Stack(this, name, project);
    await mkdir(path.dirname(stack.configFile), { recursive: true });
    // The engine writes a new stack's file beside Pulumi.yaml: not into the project, but where we keep it.
    const stub = path.join(path.dirname(stack.configFile), "Pulumi.yaml");
    await writeFile(stub, stringify({ name: project.name, runtime: "nodejs" }));
    await stack.must(["stack", "init", name]);
    return stack;
  }

  async close(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** One stack and its state. */
export class Stack {
  readonly #workplace: Workplace;
  readonly #name: string;
  readonly #project: Project;

  constructor(workplace: Workplace, name: string, project: Project) {
    this.#workplace = workplace;
    this.#name = name;
    this.#project = project;
  }

  /** Where its config is read from and written to. */
  get configFile(): string {
    const { directory } = this.#workplace;
    return path.join(directory, this.#project.name, `Pulumi.${this.#name}.yaml`);
  }

  /** The word in every process's environment by which what belongs to this test is known. */
  get mark(): string {
    return `PULUMI_HOME=${this.#workplace.environment.PULUMI_HOME ?? ""}`;
  }

  /** Sets config; a secret goes in by stdin, as arguments can be read by everybody. */
  async configure(values: Readonly<Record<string, string>>, secret = false): Promise<void> {
    for (const [key, value] of Object.entries(values)) {
      await this.must(["config", "set", key, ...(secret ? ["--secret"] : [])], value);
    }
  }

  /** `pulumi up` without questions. */
  async up(...more: string[]): Promise<Result> {
    return this.run(["up", "--yes", "--skip-preview", ...more]);
  }

  /** Runs a command of the engine and says how it ended. */
  async run(args: readonly string[], input?: string): Promise<Result> {
    const started = this.start(args);
    started.child.stdin?.end(input ?? "");
    return started.result;
  }

  /** Runs a command that has to succeed. */
  async must(args: readonly string[], input?: string): Promise<Result> {
    const result = await this.run(args, input);
    if (result.code !== 0) {
      throw new Error(
        `pulumi ${args.join(" ")} ended with ${String(result.code)}:\n${result.output}`,
      );
    }
    return result;
  }

  /** Starts a command of the engine in a process group of its own, as a shell at a terminal does. */
  start(args: readonly string[]): { child: ChildProcess; result: Promise<Result> } {
    const began = performance.now();
    const { environment } = this.#workplace;
    const [command = "", verb] = args;
    const takesConfig = ["up", "preview", "destroy", "refresh", "config"].includes(command);
    const makesStack = command === "stack" && verb === "init";
    const place = makesStack ? path.dirname(this.configFile) : this.#project.directory;
    const child = spawn(
      "pulumi",
      [
        ...args,
        "--non-interactive",
        "--color=never",
        `--cwd=${place}`,
        ...(makesStack ? [] : [`--stack=${this.#name}`]),
        ...(takesConfig ? [`--config-file=${this.configFile}`] : []),
      ],
      { env: environment, detached: true, stdio: ["pipe", "pipe", "pipe"] },
    );
    let output = "";
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.stderr.on("data", (text: Buffer) => (output += text.toString()));
    const interrupt = setTimeout(() => {
      output += `\ninterrupted after ${limitMilliseconds / 1000} s\n`;
      process.kill(-(child.pid ?? 0), "SIGINT");
    }, limitMilliseconds);
    const result = new Promise<Result>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(interrupt);
        resolve({ code, output, milliseconds: performance.now() - began });
      });
    });
    return { child, result };
  }

  /** Reads the state file itself. */
  async recorded(): Promise<Recordings> {
    const { directory } = this.#workplace;
    const file = path.join(
      directory,
      ...["state", ".pulumi", "stacks", this.#project.name, `${this.#name}.json`],
    );
    const text = await readFile(file, "utf8");
    const { checkpoint } = JSON.parse(text) as {
      checkpoint: {
        latest?: {
          resources?: Recorded[];
          pending_operations?: { type: string; resource: Recorded }[];
        };
      };
    };
    return {
      text,
      resources: checkpoint.latest?.resources ?? [],
      pending: checkpoint.latest?.pending_operations ?? [],
    };
  }
}
