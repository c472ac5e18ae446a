/** Reads what minikube prints. Pure. */
import { z } from "zod";

const profileListSchema = z.looseObject({
  valid: z.array(
    z.looseObject({
      Name: z.string(),
      Config: z.looseObject({ Nodes: z.array(z.looseObject({ Name: z.string() })) }),
    }),
  ),
  invalid: z.array(z.looseObject({ Name: z.string() })).nullish(),
});

/** A profile that minikube knows. */
export interface Profile {
  /** False when minikube cannot read its own record of the profile. */
  readonly readable: boolean;
  /** minikube's names of the nodes. The first may be empty. */
  readonly nodes: readonly string[];
}

/** Finds a profile in `minikube profile list`. */
export function profileIn(list: unknown, name: string): Profile | undefined {
  const { valid, invalid } = profileListSchema.parse(list);
  const found = valid.find(({ Name }) => Name === name);
  if (found) return { readable: true, nodes: found.Config.Nodes.map(({ Name }) => Name) };
  const isBroken = invalid?.some(({ Name }) => Name === name) === true;
  return isBroken ? { readable: false, nodes: [] } : undefined;
}

/**
 * State of a cluster's hosts. `gone`: the first does not exist. `running`: all of them run.
 * `unreadable`: minikube cannot tell, because a container is missing or Docker does not answer.
 */
export type HostState = "running" | "stopped" | "gone" | "unreadable";

const hostSchema = z.looseObject({ Host: z.string() });

/**
 * Reads `minikube status`, which is an object for one node, an array for several, and null when
 * minikube cannot tell.
 */
export function hostStateIn(status: unknown): HostState {
  if (status === null) return "unreadable";
  const hosts = z.array(hostSchema).parse(Array.isArray(status) ? status : [status]);
  if (hosts[0] === undefined || hosts[0].Host === "Nonexistent") return "gone";
  return hosts.every(({ Host }) => Host === "Running") ? "running" : "stopped";
}

/** The JSON on the last line of minikube's output, or undefined. */
export function lastJson(stdout: string): unknown {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}
