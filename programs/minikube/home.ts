/** What minikube keeps in its home. */
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

/** The folder of minikube's records. $MINIKUBE_HOME names it or its parent. */
function minikubeFolder(): string {
  const { MINIKUBE_HOME: home = "" } = process.env;
  if (home === "") return join(homedir(), ".minikube");
  return basename(home) === ".minikube" ? home : join(home, ".minikube");
}

/** Whether minikube runs podman without sudo. The variable wins over `minikube config set rootless`. */
export function isRootless(): boolean {
  const { MINIKUBE_ROOTLESS: variable = "" } = process.env;
  if (variable !== "") return /^(1|t|true)$/i.test(variable);
  try {
    const file = join(minikubeFolder(), "config", "config.json");
    const { rootless } = JSON.parse(readFileSync(file, "utf8")) as { rootless?: unknown };
    return rootless === true || rootless === "true";
  } catch {
    return false;
  }
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
