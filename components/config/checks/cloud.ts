import type { Fault } from "../../../messages/faults.ts";
import type { ReadableValues } from "./placed.ts";

/** Machine types with Arm processors. */
const arm = /^(?:t2a|c4a|n4a|a4x)-/;

/** What only an installed Calico and MetalLB use. */
const notInstalled = [
  "calicoNode",
  "calicoCni",
  "calicoKubeControllers",
  "metallbController",
  "metallbSpeaker",
] as const;

/** Faults of a stack in a cloud: keys that mean nothing there, and images that do not run there. */
export function faultsInCloud({ cluster, images, client }: ReadableValues): Fault[] {
  if (cluster?.kind !== "gke") return [];
  const faults: Fault[] = [];
  const add = (path: string, reason: string) => {
    faults.push({ propertyPath: `provenet:${path}`, reason });
  };
  const { machineType } = cluster;
  const wanted = images?.architecture ?? "amd64";
  const has = machineType !== undefined && arm.test(machineType) ? "arm64" : "amd64";
  if (machineType !== undefined && has !== wanted) {
    add(
      "cluster.machineType",
      `"${machineType}" has ${has} processors, and provenet:images.architecture is ${wanted}; change one of them`,
    );
  }
  if (images?.source === "lab") {
    add(
      "images.source",
      "registries do not have the lab's images; write upstream, or remove the key",
    );
  }
  for (const name of notInstalled) {
    if (images?.overrides?.[name] === undefined) continue;
    add(`images.overrides.${name}`, "is not installed with kind gke; remove the key");
  }
  if (client?.router !== undefined) {
    add("client.router", "a cluster in Google Cloud has no router next to it; remove the key");
  }
  return faults;
}
