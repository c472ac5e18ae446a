/** The lab of the kill tests, and the processes that belong to it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { request } from "node:http";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { directoriesOf } from "../../../lab/host/directories.ts";
import { projectRoot } from "../../live/support/lab.ts";

/** The lab's name, which no person uses. */
export const labName = "t-kill";
export const directories = directoriesOf(labName);
export const stateFolder = join(projectRoot, ".provenet", labName);
export const stateFile = join(
  stateFolder,
  ...["state", ".pulumi", "stacks", "provenet", "lab.json"],
);
const socketPath = join(directories.run, "docker.sock");

/** A process of the lab. */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly argv: readonly string[];
  /** Whether the lab's name is in its environment. */
  readonly isMarked: boolean;
  readonly cgroup: string;
}

/** The lab's Docker. It outlives the command that started it, as a machine's Docker does. */
const daemons = new Set([
  ...["dockerd", "containerd", "containerd-shim-runc-v2", "docker-proxy", "docker-init"],
  ...["runc", "runc-granted"],
]);
const isDaemon = ({ argv }: Process) =>
  argv.slice(0, 2).some((word) => daemons.has(basename(word)));

/** All processes that this user can read. */
export async function processes(): Promise<Process[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      try {
        const read = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8");
        const [stat, argv, environment, cgroup] = await Promise.all(
          ["stat", "cmdline", "environ", "cgroup"].map(read),
        );
        const afterName = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
        if (afterName[0] === "Z") return [];
        return [
          {
            pid: Number(pid),
            parent: Number(afterName[1]),
            argv: argv?.split("\0").slice(0, -1) ?? [],
            isMarked: environment?.split("\0").includes(`PROVENET_LAB=${labName}`) ?? false,
            cgroup: cgroup ?? "",
          },
        ];
      } catch {
        // The process has ended since the listing.
        return [];
      }
    }),
  );
  return found.flat();
}

/** Ids of all containers that the lab ever had. A process in one of them may outlive Docker. */
export const seenContainers = new Set<string>();

/** The lab's containers, running or not. Empty when its Docker does not answer. */
export async function containers(): Promise<{ id: string; name: string }[]> {
  if (!existsSync(socketPath)) return [];
  const listing = request({ socketPath, path: "/containers/json?all=1", timeout: 5000 }).end();
  try {
    const text = await new Promise<string>((resolve, reject) => {
      listing.on("error", reject).on("timeout", () => listing.destroy(new Error("timeout")));
      listing.on("response", (response) => {
        let all = "";
        response.on("data", (part: Buffer) => (all += part.toString()));
        response.on("end", () => {
          resolve(all);
        });
      });
    });
    const list = JSON.parse(text) as { Id: string; Names: string[] }[];
    for (const { Id } of list) seenContainers.add(Id);
    return list.map(({ Id, Names }) => ({ id: Id, name: Names[0]?.replace(/^\//, "") ?? "" }));
  } catch {
    return [];
  }
}

/** The processes of a run: everything below `root`, and everything else that carries the mark. */
function partsOf(root: number, all: readonly Process[]): Process[] {
  const below = new Set([root]);
  let size = 0;
  while (size < below.size) {
    size = below.size;
    for (const { pid, parent } of all) if (below.has(parent)) below.add(pid);
  }
  return all.filter(
    (one) => (below.has(one.pid) || one.isMarked) && !isDaemon(one) && one.pid !== process.pid,
  );
}

/** A command that runs in the background, with everything that it started. */
export class Run {
  readonly #child;
  #output = "";
  readonly #ended: Promise<unknown>;

  /** Starts `npm run <command> lab`. */
  constructor(command: string) {
    this.#child = spawn("npm", ["run", "--silent", command, "--", "lab"], {
      cwd: projectRoot,
      env: { ...process.env, PROVENET_LAB: labName },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const add = (text: Buffer) => (this.#output += text.toString());
    this.#child.stdout.on("data", add);
    this.#child.stderr.on("data", add);
    this.#ended = once(this.#child, "exit");
  }

  /** Whether the command has ended by itself. */
  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get output(): string {
    return this.#output;
  }

  /**
   * Kills every process of the run until none is left.
   *
   * @param power also kill the lab's Docker and all containers, as a power failure does
   */
  async kill(power = false): Promise<number> {
    const killed = new Set<number>();
    const ids = power ? (await containers()).map(({ id }) => id) : [];
    for (let quiet = 0; quiet < 3;) {
      const all = await processes();
      const isLost = (one: Process) =>
        power && (ids.some((id) => one.cgroup.includes(id)) || (one.isMarked && isDaemon(one)));
      const left = [...partsOf(this.#child.pid ?? 0, all), ...all.filter(isLost)];
      quiet = left.length === 0 ? quiet + 1 : 0;
      for (const { pid } of left) {
        killed.add(pid);
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It has ended since the listing.
        }
      }
      await delay(50);
    }
    await this.#ended;
    return killed.size;
  }
}
