import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

/** The folder of minikube's records. $MINIKUBE_HOME names it or its parent. */
function minikubeFolder(): string {
  const { MINIKUBE_HOME: home = "" } = process.env;
  if (home === "") return join(homedir(), ".minikube");
  return basename(home) === ".minikube" ? home : join(home, ".minikube");
}

/** Names of the machines that minikube has a record of. */
export function recordedMachines(): string[] {
  try {
    return readdirSync(join(minikubeFolder(), "machines"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
