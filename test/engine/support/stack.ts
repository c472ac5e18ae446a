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

/**
 * A longer command is interrupted, so that the test shows its output. The limit allows for a busy
 * machine and is shorter than the ten minutes for which an update waits for a Deployment.
 */
const limitMilliseconds = 240_000;

/** The folder of the policy pack with one rule of each kind. */
export const policyPack = path.join(import.meta.dirname, "..", "policies");

/** How a command ended. */
export interface Result {
  readonly code: number | null;
  /** Everything that it printed. */
  readonly output: string;
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

/** The contents of a stack's state file. */
export interface Recordings {
  readonly text: string;
  readonly resources: readonly Recorded[];
  readonly pending: readonly { readonly type: string; readonly resource: Recorded }[];
}

/** The plugins that the user has installed. */
function officialPlugins(): string {
  return path.join(process.env.PULUMI_HOME ?? path.join(homedir(), ".pulumi"), "plugins");
}

/** The engine with separate plugins and state. This machine's Pulumi home is not used. */
export class Workplace {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;

  private constructor(directory: string, env: NodeJS.ProcessEnv) {
    this.directory = directory;
    this.env = env;
  }

  /** Creates a workplace in a temporary folder. */
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
      // Start times must not depend on a cache from earlier runs.
      NODE_COMPILE_CACHE: path.join(directory, "compile-cache"),
    });
  }

  /** Creates a stack, by default of the small program. */
  async stack(name: string, project = smallProject): Promise<Stack> {
    const stack = new Stack(this, name, project);
    await mkdir(path.dirname(stack.configFile), { recursive: true });
    // The engine writes a new stack's file next to Pulumi.yaml. This one is outside the project.
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

  /** The stack file. */
  get configFile(): string {
    const { directory } = this.#workplace;
    return path.join(directory, this.#project.name, `Pulumi.${this.#name}.yaml`);
  }

  /** Variables for the engine. */
  get env(): NodeJS.ProcessEnv {
    return this.#workplace.env;
  }

  /** The assignment in the environment of every process of this workplace. */
  get mark(): string {
    return `PULUMI_HOME=${this.#workplace.env.PULUMI_HOME ?? ""}`;
  }

  /** Sets config. Values go by stdin, because every user can read arguments. */
  async configure(values: Readonly<Record<string, string>>, secret = false): Promise<void> {
    for (const [key, value] of Object.entries(values)) {
      await this.must(["config", "set", key, ...(secret ? ["--secret"] : [])], value);
    }
  }

  /** `pulumi up` without questions. */
  async up(...more: string[]): Promise<Result> {
    return this.run(["up", "--yes", "--skip-preview", ...more]);
  }

  /** Runs a command of the engine. */
  async run(args: readonly string[], input?: string): Promise<Result> {
    const started = this.start(args);
    started.child.stdin?.end(input ?? "");
    return started.result;
  }

  /** Runs a command and throws when it fails. */
  async must(args: readonly string[], input?: string): Promise<Result> {
    const result = await this.run(args, input);
    if (result.code !== 0) {
      throw new Error(
        `pulumi ${args.join(" ")} ended with ${String(result.code)}:\n${result.output}`,
      );
    }
    return result;
  }

  /** Starts a command of the engine in a separate process group, as a shell on a terminal does. */
  start(args: readonly string[]): { child: ChildProcess; result: Promise<Result> } {
    const { env } = this.#workplace;
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
      { env, detached: true, stdio: ["pipe", "pipe", "pipe"] },
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
        resolve({ code, output });
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
