/** What a lab that is down must not leave. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { directories, labName, processes, seenContainers, stateFile, stateFolder } from "./lab.ts";

const entries = async (folder: string) => (existsSync(folder) ? readdir(folder) : []);

/** Namespaces, mounts, processes, containers, profiles and state that the lab still has. */
export async function leftovers(): Promise<Record<string, readonly string[]>> {
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  const ours = [directories.lab, directories.run, `/run/netns/${labName}-`];
  const seen = [...seenContainers];
  const record = join(stateFolder, "stacks.json");
  return {
    namespaces: (await entries("/run/netns")).filter((name) => name.startsWith(`${labName}-`)),
    mounts: mounts.filter((mount) => ours.some((home) => mount.startsWith(home))),
    processes: (await processes())
      .filter(({ isMarked, cgroup }) => isMarked || seen.some((id) => cgroup.includes(id)))
      .map(({ argv }) => argv.join(" ")),
    containers: await entries(join(directories.lab, "docker", "containers")),
    profiles: await entries(join(directories.lab, "minikube", ".minikube", "profiles")),
    machines: (await entries(join(directories.lab, "minikube", ".minikube", "machines"))).filter(
      (name) => name.startsWith("provenet"),
    ),
    temporary: (await entries(directories.lab)).filter((name) => /^layers-/.test(name)),
    running: await entries(directories.run),
    state: existsSync(stateFile) ? [stateFile] : [],
    record: existsSync(record)
      ? Object.keys(JSON.parse(await readFile(record, "utf8")) as object)
      : [],
  };
}

/** The same, when nothing is left. */
export const nothing = {
  ...{ namespaces: [], mounts: [], processes: [], containers: [], profiles: [], machines: [] },
  ...{ temporary: [], running: [], state: [], record: [] },
};
