/** The `minikube` program: how it is called and how its answers are read. */
import { resolve } from "node:path";

import { execa } from "execa";
import { z } from "zod";

import { filesOf } from "./files.ts";
import { type Progress, parseEvent, progressLine } from "./events.ts";
import type { MinikubeRequest } from "./request.ts";

/** minikube could not do what it was asked. Its message is for people and says what to do. */
export class MinikubeError extends Error {
  override readonly name = "MinikubeError";
}

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

/** Runs it to its end, with the cluster's private kubeconfig; any exit code is an answer. */
async function call(
  settings: MinikubeRequest,
  args: readonly string[],
  timeoutSeconds: number,
): Promise<Answer> {
  const result = await execa("minikube", args, {
    env: { KUBECONFIG: resolve(filesOf(settings).kubeconfig), MINIKUBE_IN_STYLE: "false" },
    stdin: "ignore",
    timeout: timeoutSeconds * 1000,
    reject: false,
  });
  if (result.code === "ENOENT") {
    throw new MinikubeError(
      'minikube is not on PATH; "npm run doctor" says how to get it, "npm run up" brings its own',
    );
  }
  if (result.timedOut) {
    throw new MinikubeError(
      `minikube ${args[0] ?? ""} did not end within ${timeoutSeconds} seconds`,
    );
  }
  const { stdout, stderr, exitCode } = result;
  return { stdout, stderr, exitCode };
}

/** Like {@link call}, but a failure is an error with minikube's own words. */
async function must(
  settings: MinikubeRequest,
  args: readonly string[],
  timeoutSeconds: number,
): Promise<void> {
  const child = execa("minikube", args, {
    env: { KUBECONFIG: resolve(filesOf(settings).kubeconfig), MINIKUBE_IN_STYLE: "false" },
    stdin: "ignore",
    all: true,
    timeout: timeoutSeconds * 1000,
    reject: false,
  });
  const { failed, all, shortMessage } = await child;
  if (failed) throw new MinikubeError(`${shortMessage ?? "minikube failed"}\n${all}`);
}

const profileList = z.looseObject({
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
  /** Whether minikube can read its own record of it. */
  readonly readable: boolean;
  /** minikube's names of the nodes, the first of which may be empty. */
  readonly nodes: readonly string[];
}

/** The settings' profile, or undefined when minikube knows none of that name. */
export async function findProfile(settings: MinikubeRequest): Promise<Profile | undefined> {
  const answer = await call(settings, ["profile", "list", "--light", "--output=json"], 60);
  const { valid, invalid } = profileList.parse(lastJson(answer, "profile list"));
  const found = valid.find(({ Name }) => Name === settings.profile);
  if (found) return { readable: true, nodes: found.Config.Nodes.map(({ Name }) => Name) };
  return invalid?.some(({ Name }) => Name === settings.profile) === true
    ? { readable: false, nodes: [] }
    : undefined;
}

const hostStatus = z.looseObject({ Host: z.string() });

/** What the hosts of all nodes are, together. */
export type HostState = "running" | "stopped" | "gone";

/**
 * Asks for the nodes' hosts: `gone` when the first does not exist, `running` when all run.
 *
 * minikube answers with an object for one node and with an array for several; its exit code is a
 * mask that is not 0 for a cluster that merely stands still.
 */
export async function hostState(settings: MinikubeRequest): Promise<HostState> {
  const answer = await call(
    settings,
    ["status", "--profile", settings.profile, "--output=json"],
    60,
  );
  const value = lastJson(answer, "status");
  const hosts = z.array(hostStatus).parse(Array.isArray(value) ? value : [value]);
  if (hosts[0] === undefined || hosts[0].Host === "Nonexistent") return "gone";
  return hosts.every(({ Host }) => Host === "Running") ? "running" : "stopped";
}

function lastJson({ stdout, stderr, exitCode }: Answer, what: string): unknown {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    const said = `${stdout}\n${stderr}`.trim().slice(-600);
    throw new MinikubeError(
      `minikube ${what} gave no JSON (exit code ${exitCode ?? "none"}) but: ${said}`,
    );
  }
}

/** The arguments of `minikube start`; what is only about one machine comes from MINIKUBE_ variables. */
export function startArguments(settings: MinikubeRequest, isRoot: boolean): string[] {
  return [
    "start",
    `--profile=${settings.profile}`,
    `--driver=${settings.driver}`,
    `--container-runtime=${settings.containerRuntime}`,
    `--kubernetes-version=${settings.kubernetesVersion}`,
    `--nodes=${settings.nodes}`,
    `--memory=${settings.memoryMiB}mb`,
    `--cpus=${settings.cpus}`,
    "--cni=false",
    `--extra-config=kubeadm.pod-network-cidr=${settings.podNetwork}`,
    `--service-cluster-ip-range=${settings.serviceNetwork}`,
    ...(["docker", "podman"].includes(settings.driver) ? [`--subnet=${settings.nodeNetwork}`] : []),
    "--embed-certs",
    "--interactive=false",
    "--output=json",
    // Drivers with containers refuse root otherwise.
    ...(isRoot ? ["--force"] : []),
  ];
}

/** Seconds without a sign of progress after which a start counts as hung. */
export const idleSeconds = 150;

/**
 * Starts the cluster and tells its progress.
 *
 * @throws MinikubeError when minikube fails, or shows no progress for {@link idleSeconds}.
 */
export async function start(settings: MinikubeRequest, progress: Progress): Promise<void> {
  const stop = new AbortController();
  const child = execa("minikube", startArguments(settings, process.getuid?.() === 0), {
    env: { KUBECONFIG: resolve(filesOf(settings).kubeconfig) },
    stdin: "ignore",
    reject: false,
    cancelSignal: stop.signal,
    forceKillAfterDelay: 5000,
  });
  const watch = setTimeout(() => {
    stop.abort();
  }, idleSeconds * 1000);
  const errors: string[] = [];
  for await (const line of child) {
    watch.refresh();
    const event = parseEvent(line);
    if (event.kind === "error") errors.push(event.message);
    const text = progressLine(event);
    if (text !== undefined) progress(text);
  }
  clearTimeout(watch);
  const result = await child;
  if (!result.failed) return;
  if (stop.signal.aborted) {
    throw new MinikubeError(`minikube start showed no progress for ${idleSeconds} seconds`);
  }
  if (result.code === "ENOENT") {
    throw new MinikubeError('minikube is not on PATH; "npm run doctor" says how to get it');
  }
  const said = [...errors, ...result.stderr.split("\n").slice(-20)].filter((line) => line !== "");
  throw new MinikubeError(
    [`minikube start failed (exit code ${result.exitCode ?? "none"})`, ...said].join("\n"),
  );
}

/** The last lines of the nodes' logs; empty when they cannot be had. */
export async function tailLogs(settings: MinikubeRequest): Promise<string> {
  try {
    const args = ["logs", "--profile", settings.profile, "--length=15"];
    const { stdout } = await call(settings, args, 30);
    return stdout.split("\n").slice(-80).join("\n");
  } catch {
    return "";
  }
}

/** Deletes the profile with all its nodes; none is fine too. */
export async function deleteProfile(settings: MinikubeRequest): Promise<void> {
  await must(settings, ["delete", "--profile", settings.profile], 180);
}

/** Adds one node. */
export async function addNode(settings: MinikubeRequest): Promise<void> {
  await must(settings, ["node", "add", "--worker", "--profile", settings.profile], 300);
}

/** Deletes a node by minikube's name of it, such as `m02`. */
export async function deleteNode(settings: MinikubeRequest, node: string): Promise<void> {
  await must(settings, ["node", "delete", node, "--profile", settings.profile], 180);
}
