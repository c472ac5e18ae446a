/** Configuration without a fault, for cases that break one thing each. */
import { expect } from "chai";

import { type Machine, parseMachine } from "../../../components/config/machine.ts";
import { type Settings, parseSettings } from "../../../components/config/read.ts";

/** A machine that knows nothing. */
export const bareMachine: Machine = parseMachine(undefined);

export const noCrds = () => ({ crds: [], faults: [] });

/** Values of every required key. */
export function values(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { cluster: cluster(), network: network(), apps: { web: web() }, ...changes };
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

export function network(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    pools: pools("192.168.49.200-192.168.49.239"),
    ingress: { pool: "home" },
    ...changes,
  };
}

export function web(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { pool: "home", host: "web.provenet.test", ...changes };
}

export const pools = (...addresses: string[]) => [{ name: "home", addresses }];
export const routed = { on: "host", to: "172.17.255.0/24", via: "192.168.49.2" };

export function settingsOf(
  changes: Record<string, unknown> = {},
  machine: Machine = bareMachine,
): Settings {
  const { settings, faults } = parseSettings(values(changes), machine, noCrds);
  expect(faults).to.deep.equal([]);
  if (!settings) throw new Error("neither settings nor faults");
  return settings;
}

/** Every fault as `path: reason`. */
export function faultsOf(changes: Record<string, unknown>, machine = bareMachine): string[] {
  return parseSettings(values(changes), machine, noCrds).faults.map(
    ({ propertyPath, reason }) => `${propertyPath}: ${reason}`,
  );
}
