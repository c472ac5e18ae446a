/** Configuration without a fault, for cases that break one thing each. */
import { expect } from "chai";

import { parseSettings } from "../../../components/config/read.ts";
import type { Settings } from "../../../components/config/settings.ts";

export const noFaults = () => ({ definitions: [], faults: [] });

/** Values of every required key. */
export function values(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    cluster: cluster(),
    pools: [{ name: "home", addresses: ["192.168.49.200-192.168.49.239"] }],
    ingress: { pool: "home" },
    web: { pool: "home", host: "web.provenet.test" },
    ...changes,
  };
}

export function cluster(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: "minikube",
    profile: "provenet",
    kubernetesVersion: "v1.34.2",
    driver: "docker",
    nodeNetwork: "192.168.49.0/24",
    podNetwork: "10.244.0.0/16",
    serviceNetwork: "10.96.0.0/12",
    ...changes,
  };
}

export const pools = (...addresses: string[]) => [{ name: "home", addresses }];
export const routed = { on: "host", to: "172.17.255.0/24", via: "192.168.49.2" };

export function settingsOf(changes: Record<string, unknown> = {}): Settings {
  const { settings, faults } = parseSettings(values(changes), noFaults);
  expect(faults).to.deep.equal([]);
  if (!settings) throw new Error("no settings without a fault");
  return settings;
}

/** Every fault as `path: reason`. */
export function faultsOf(changes: Record<string, unknown>): string[] {
  return parseSettings(values(changes), noFaults).faults.map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );
}
