/** One stack, through Pulumi's Automation API. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";
import type { Deployment, LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { stringify } from "yaml";

import { messageOf } from "../report/errorText.ts";
import { recognise, type Surroundings } from "../report/recognise.ts";
import { UserError } from "../../messages/errors.ts";
import { heldLock, isRunning, locksIn } from "./locks.ts";
import { backendOf } from "./project.ts";
import { removeTruncatedAttributes } from "./truncated.ts";

/** What {@link EngineStack} needs to know about its stack. */
export interface EngineStackOptions {
  readonly name: string;
  /** Folder for the engine's own files about the stack. The engine writes its salt there. */
  readonly directory: string;
  /** Folder of the project's own file backend, when the stack is there. */
  readonly backend: string | undefined;
  /** The project's file, whose `backend` is used. @default Pulumi.yaml of the checkout */
  readonly projectFile?: string;
  /** Variables for the engine. */
  readonly variables: Readonly<Record<string, string>>;
  readonly around: Surroundings;
  /** Prints a line about something that is repaired. */
  readonly tell: (line: string) => void;
}

/** A stack in its backend. It may not exist yet. Nothing is loaded before the first question. */
export class EngineStack {
  readonly name: string;
  /** The effective stack file. */
  readonly configFile: string;
  readonly #options: EngineStackOptions;
  #workspace: Promise<LocalWorkspace> | undefined;

  constructor(options: EngineStackOptions) {
    this.#options = options;
    this.name = options.name;
    this.configFile = join(options.directory, `Pulumi.${options.name}.yaml`);
  }

  /** Whether the state is in the project's own file backend. */
  get isInOwnBackend(): boolean {
    return this.#options.backend !== undefined;
  }

  /** Whether the backend has this stack. */
  async exists(): Promise<boolean> {
    const { backend } = this.#options;
    if (backend !== undefined && !existsSync(backend)) return false;
    return (
      (await this.#find((workspace) => workspace.selectStack(this.name).then(() => true))) ?? false
    );
  }

  /** Creates the stack. The engine adds the salt of its secrets to {@link configFile}. */
  async create(): Promise<void> {
    await this.#ask((workspace) => workspace.createStack(this.name));
  }

  /** Outputs by name, secret ones included. Undefined when there is no such stack. */
  async outputs(): Promise<Record<string, unknown> | undefined> {
    const { backend } = this.#options;
    if (backend !== undefined && !existsSync(backend)) return undefined;
    const outputs = await this.#find((workspace) => workspace.stackOutputs(this.name));
    if (outputs === undefined) return undefined;
    const values = Object.entries(outputs).map(([name, { value }]) => [name, value as unknown]);
    return Object.fromEntries(values) as Record<string, unknown>;
  }

  /** The whole state with its secrets in clear text. Undefined when there is no such stack. */
  async export(): Promise<Deployment | undefined> {
    return this.#find((workspace) => workspace.exportStack(this.name));
  }

  /** Replaces the state. */
  async import(deployment: Deployment): Promise<void> {
    await this.#ask(async (workspace) => {
      await inPrivateTemporaryFolder(this.#options.directory, () =>
        workspace.importStack(this.name, deployment),
      );
    });
  }

  /** Takes a resource out of the state, with everything that depends on it. */
  async forget(urn: string): Promise<void> {
    await this.#ask(async () => {
      const options = { cwd: this.#options.directory, env: this.#options.variables };
      const args = ["--target-dependents", "--yes", "--stack", this.name, "--non-interactive"];
      await execa("pulumi", ["state", "delete", urn, ...args], { ...options, stdin: "ignore" });
    });
  }

  /** Number of resources by what the last update did with them, such as `{create: 3, same: 12}`. */
  async lastChanges(): Promise<Record<string, number>> {
    const summary = await this.#ask(async (workspace) => {
      const { Stack } = await import("@pulumi/pulumi/automation/index.js");
      return (await Stack.select(this.name, workspace)).info();
    });
    return { ...summary?.resourceChanges };
  }

  /**
   * Number of resources of every stack in the backend, by the stack's name without its organisation.
   * The largest counts where two organisations have a stack of one name.
   */
  async sizes(): Promise<Map<string, number>> {
    const { backend } = this.#options;
    if (backend !== undefined && !existsSync(backend)) return new Map();
    const stacks = await this.#ask((workspace) => workspace.listStacks());
    const sizes = new Map<string, number>();
    for (const { name, resourceCount = 0 } of stacks) {
      const key = name.split("/").at(-1) ?? name;
      sizes.set(key, Math.max(resourceCount, sizes.get(key) ?? 0));
    }
    return sizes;
  }

  /** Removes the stack's state and its effective stack file, even when it has resources. */
  async remove(): Promise<void> {
    await this.#ask((workspace) =>
      workspace.removeStack(this.name, { force: true, preserveConfig: true }),
    );
    rmSync(this.configFile, { force: true });
  }

  /**
   * Releases the locks that an engine's error message lists, when their processes are gone. Returns
   * whether it did.
   *
   * @throws {UserError} when a lock is held by a process that runs
   */
  async releaseDeadLocks(message: string): Promise<boolean> {
    const locks = locksIn(message);
    if (locks.length === 0) return false;
    const held = this.isInOwnBackend ? heldLock(locks) : locks[0];
    if (held !== undefined) {
      throw new UserError(
        `another run (process ${held.pid} of ${held.owner}, since ${held.since}) holds ${this.name}`,
        "wait until it ends, or press Ctrl-C once where it runs, then run this again",
      );
    }
    const { Stack } = await import("@pulumi/pulumi/automation/index.js");
    await (await Stack.select(this.name, await this.#open())).cancel();
    this.#options.tell("an earlier run was killed: its lock on the state is released");
    return true;
  }

  /** Like {@link #ask}, and undefined when there is no such stack. */
  async #find<T>(act: (workspace: LocalWorkspace) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#ask(act);
    } catch (error) {
      const { StackNotFoundError } = await import("@pulumi/pulumi/automation/index.js");
      if (error instanceof StackNotFoundError) return undefined;
      throw error;
    }
  }

  async #ask<T>(act: (workspace: LocalWorkspace) => Promise<T>): Promise<T> {
    try {
      return await act(await this.#open());
    } catch (error) {
      if (await this.releaseDeadLocks(messageOf(error))) return await act(await this.#open());
      const { StackNotFoundError } = await import("@pulumi/pulumi/automation/index.js");
      if (error instanceof StackNotFoundError) throw error;
      throw recognise(messageOf(error), this.#options.around) ?? error;
    }
  }

  #open(): Promise<LocalWorkspace> {
    return (this.#workspace ??= this.#openWorkspace());
  }

  async #openWorkspace(): Promise<LocalWorkspace> {
    const { directory, backend, variables, projectFile } = this.#options;
    const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
    if (backend !== undefined) {
      mkdirSync(backend, { recursive: true, mode: 0o700 });
      removeTruncatedAttributes(backend);
    }
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    removeKilledImports(directory);
    // The engine reads this file for the state, and the project's for an update.
    const project = { name: "provenet", runtime: "nodejs", backend: backendOf(projectFile) };
    writeFileSync(join(directory, "Pulumi.yaml"), stringify(project));
    const outer = process.env.PATH;
    // The Automation API looks for the engine on this process's PATH when a workspace is opened.
    process.env.PATH = variables.PATH;
    try {
      return await LocalWorkspace.create({ workDir: directory, envVars: variables });
    } finally {
      process.env.PATH = outer;
    }
  }
}

/** Removes the clear text of imports whose process was killed. Its id is in the folder's name. */
function removeKilledImports(directory: string): void {
  for (const name of readdirSync(directory)) {
    const match = /^import-(?:(\d+)-)?/.exec(name);
    const pid = match?.[1];
    if (match === null || (pid !== undefined && isRunning(Number(pid)))) continue;
    rmSync(join(directory, name), { recursive: true, force: true });
  }
}

/**
 * Runs `act` with a temporary folder that only this user can read. An import passes the state with
 * its secrets in clear text through a file there.
 */
async function inPrivateTemporaryFolder(parent: string, act: () => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(parent, `import-${process.pid}-`));
  const outer = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    await act();
  } finally {
    if (outer === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = outer;
    rmSync(folder, { recursive: true, force: true });
  }
}
