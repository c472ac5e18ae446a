/** Runs the `minikube` program. Every failure is a UserError with minikube's own words. */
import { chmodSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";

import { execa } from "execa";

import { UserError } from "../../messages/errors.ts";
import { failureIn, hostIn, lastJson, otherMachines, type Profile, profileIn } from "./answers.ts";
import { startArguments } from "./arguments.ts";
import { parseEvent, type Progress, progressLine } from "./events.ts";
import { filesOf } from "./files.ts";
import type { ClusterName, MinikubeRequest } from "./request.ts";

const seeLogs = "read minikube's output above, then run `minikube logs`";

/** Seconds without progress after which a start counts as hung. */
const idleSeconds = 150;

/** Seconds for everything that minikube does to a single node. */
const nodeSeconds = 300;

function optionsOf(cluster: Pick<ClusterName, "profile">) {
  return {
    env: {
      KUBECONFIG: resolve(filesOf(cluster).kubeconfig),
      MINIKUBE_IN_STYLE: "false",
      // The first start makes one node. The flag would print a warning at each later start.
      MINIKUBE_NODES: "1",
    },
    stdin: "ignore",
    reject: false,
  } as const;
}

function refuseAbsent(code: string | undefined): void {
  if (code !== "ENOENT") return;
  throw new UserError("minikube is not on PATH", "run `npm run doctor` to see how to install it");
}

/** Runs minikube to its end. Any exit code is an answer. */
async function call(
  cluster: ClusterName,
  args: readonly string[],
  timeoutSeconds: number,
  variables: Readonly<Record<string, string>> = {},
) {
  const options = optionsOf(cluster);
  const result = await execa("minikube", args, {
    ...options,
    env: { ...options.env, ...variables },
    all: true,
    timeout: timeoutSeconds * 1000,
  });
  refuseAbsent(result.code);
  if (!result.timedOut) return result;
  throw new UserError(
    `minikube ${args[0] ?? ""} did not end within ${timeoutSeconds} s\n${result.all}`,
    "check that the driver answers, such as `docker ps`",
  );
}

/** Asks for JSON. `read` is undefined for JSON that is not the answer. */
async function ask<Answer>(
  cluster: ClusterName,
  args: readonly string[],
  read: (json: unknown) => Answer | undefined,
): Promise<Answer> {
  const asked = await call(cluster, [...args, "--output=json"], 60);
  const { stdout, stderr, exitCode } = asked;
  const json = lastJson(stdout);
  const answer = json === undefined ? undefined : read(json);
  if (answer !== undefined) return answer;
  const said = failureIn(json) ?? `${stdout}\n${stderr}`.trim().slice(-600);
  throw new UserError(
    `minikube ${args[0] ?? ""} gave no answer (exit code ${exitCode ?? "none"}): ${said}`,
    `run \`minikube ${args.join(" ")}\` by hand`,
  );
}

async function mustSucceed(
  cluster: ClusterName,
  args: readonly string[],
  timeoutSeconds: number,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { failed, all, exitCode } = await call(cluster, args, timeoutSeconds, variables);
  if (!failed) return;
  throw new UserError(
    `minikube ${args[0] ?? ""} failed (exit code ${exitCode ?? "none"})\n${all}`,
    seeLogs,
  );
}

/** minikube's version, such as `v1.38.1`. */
export async function version(cluster: ClusterName): Promise<string> {
  return (await call(cluster, ["version", "--short"], 30)).stdout.trim();
}

/** The profile, or undefined when minikube does not know it, and the machines of other profiles. */
export async function findProfile(
  cluster: ClusterName,
): Promise<{ readonly profile: Profile | undefined; readonly others: readonly string[] }> {
  let others: readonly string[] = [];
  const read = (json: unknown) => {
    others = otherMachines(json, cluster.profile);
    return profileIn(json, cluster.profile);
  };
  // Only the long list has profiles that minikube cannot read, and containers without a profile.
  const listed =
    (await ask(cluster, ["profile", "list", "--light"], read)) ??
    (await ask(cluster, ["profile", "list"], read));
  return { profile: listed ?? undefined, others };
}

/** State of a machine, such as `Running`. Undefined when minikube cannot tell. */
export async function readHost(cluster: ClusterName, machine: string): Promise<string | undefined> {
  const args = ["status", "--profile", cluster.profile, "--node", machine, "--output=json"];
  const { stdout } = await call(cluster, args, 60);
  return hostIn(lastJson(stdout));
}

/**
 * Starts the cluster's first node, or all nodes of a profile that exists, and reports the progress.
 *
 * @param token what identifies a new profile
 * @throws UserError when minikube fails, or shows no progress for 150 s
 */
export async function start(
  request: MinikubeRequest,
  progress: Progress,
  token?: string,
): Promise<void> {
  // minikube keeps the UUID in a new profile. Only its driver hyperkit uses it.
  const variables: Record<string, string> = token === undefined ? {} : { MINIKUBE_UUID: token };
  await run(request, startArguments(request, process.getuid?.() === 0), variables, progress);
}

/** Adds a node with the next name. */
export async function addNode(request: MinikubeRequest, progress: Progress): Promise<void> {
  const args = ["node", "add", "--worker", "--profile", request.profile];
  // Without it, minikube gives the second node less memory than the first.
  await run(request, args, { MINIKUBE_MEMORY: `${request.memoryMiB}mb` }, progress);
}

async function run(
  cluster: ClusterName,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  progress: Progress,
): Promise<void> {
  const what = `minikube ${args[0] === "node" ? args.slice(0, 2).join(" ") : (args[0] ?? "")}`;
  const stop = new AbortController();
  const options = optionsOf(cluster);
  const child = execa("minikube", args, {
    ...options,
    env: { ...options.env, ...variables },
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
  const { failed, code, exitCode, stderr } = await child;
  if (!failed) return;
  if (stop.signal.aborted) {
    throw new UserError(`${what} showed no progress for ${idleSeconds} s`, seeLogs);
  }
  refuseAbsent(code);
  const said = [...errors, ...stderr.split("\n").slice(-20)].filter((line) => line !== "");
  const message = `${what} failed (exit code ${exitCode ?? "none"})`;
  throw new UserError([message, ...said].join("\n"), seeLogs);
}

/**
 * Writes the kubeconfig again, with the port and the keys that the cluster has now. minikube completes
 * a new file. In an existing one it removes embedded keys together with an old port, and keeps old keys.
 */
export async function updateContext(cluster: ClusterName): Promise<void> {
  const { kubeconfig } = filesOf(cluster);
  const written = `${kubeconfig}.new`;
  rmSync(written, { force: true });
  const variables = { KUBECONFIG: resolve(written) };
  await mustSucceed(cluster, ["update-context", "--profile", cluster.profile], 60, variables);
  chmodSync(written, 0o600);
  renameSync(written, kubeconfig);
}

/** The last lines of the nodes' logs. Empty when minikube cannot read them. */
export async function tailLogs(cluster: ClusterName): Promise<string> {
  return tail(cluster, ["logs", "--profile", cluster.profile, "--length=15"], 80);
}

/** The last lines of a node's kubelet. Empty when minikube cannot read them. */
export async function tailKubelet(cluster: ClusterName, node: string): Promise<string> {
  const journal = ["sudo", "journalctl", "--unit=kubelet", "--no-pager", "--lines=10"];
  return tail(cluster, ["ssh", "--profile", cluster.profile, "--node", node, "--", ...journal], 10);
}

async function tail(cluster: ClusterName, args: readonly string[], lines: number): Promise<string> {
  try {
    const { stdout } = await call(cluster, args, 30);
    return stdout.trimEnd().split("\n").slice(-lines).join("\n");
  } catch {
    return "";
  }
}

/** Deletes a profile with its nodes, or a machine that is in no profile. Succeeds without either. */
export async function deleteProfile(cluster: ClusterName, profile: string): Promise<void> {
  await mustSucceed(cluster, ["delete", "--profile", profile], 180);
}

/** Deletes a node by minikube's name, such as `m02`. minikube gives its pods one second to end. */
export async function deleteNode(cluster: ClusterName, node: string): Promise<void> {
  await mustSucceed(cluster, ["node", "delete", node, "--profile", cluster.profile], nodeSeconds);
}
