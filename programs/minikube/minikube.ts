/** Runs the `minikube` program. Every failure is a UserError with minikube's own words. */
import { resolve } from "node:path";

import { execa } from "execa";

import { UserError } from "../../messages/errors.ts";
import { type HostState, hostStateIn, lastJson, type Profile, profileIn } from "./answers.ts";
import { startArguments } from "./arguments.ts";
import { parseEvent, type Progress, progressLine } from "./events.ts";
import { filesOf } from "./files.ts";
import type { MinikubeRequest } from "./request.ts";

const seeLogs = "read minikube's output above, then run `minikube logs`";

/** Seconds without progress after which `minikube start` counts as hung. */
const idleSeconds = 150;

function optionsOf(request: MinikubeRequest) {
  return {
    env: { KUBECONFIG: resolve(filesOf(request).kubeconfig), MINIKUBE_IN_STYLE: "false" },
    stdin: "ignore",
    reject: false,
  } as const;
}

function refuseAbsent(code: string | undefined): void {
  if (code !== "ENOENT") return;
  throw new UserError("minikube is not on PATH", "run `npm run doctor` to see how to install it");
}

/** Runs minikube to its end. Any exit code is an answer. */
async function call(request: MinikubeRequest, args: readonly string[], timeoutSeconds: number) {
  const options = { ...optionsOf(request), all: true, timeout: timeoutSeconds * 1000 } as const;
  const result = await execa("minikube", args, options);
  refuseAbsent(result.code);
  if (!result.timedOut) return result;
  throw new UserError(
    `minikube ${args[0] ?? ""} did not end within ${timeoutSeconds} s\n${result.all}`,
    "check that the driver answers, such as `docker ps`",
  );
}

async function callForJson(request: MinikubeRequest, args: readonly string[]): Promise<unknown> {
  const { stdout, stderr, exitCode } = await call(request, [...args, "--output=json"], 60);
  const json = lastJson(stdout);
  if (json !== undefined) return json;
  const said = `${stdout}\n${stderr}`.trim().slice(-600);
  throw new UserError(
    `minikube ${args[0] ?? ""} printed no JSON (exit code ${exitCode ?? "none"}): ${said}`,
    `run \`minikube ${args.join(" ")}\` by hand`,
  );
}

async function mustSucceed(
  request: MinikubeRequest,
  args: readonly string[],
  timeoutSeconds: number,
): Promise<void> {
  const { failed, all, exitCode } = await call(request, args, timeoutSeconds);
  if (!failed) return;
  throw new UserError(
    `minikube ${args[0] ?? ""} failed (exit code ${exitCode ?? "none"})\n${all}`,
    seeLogs,
  );
}

/** minikube's version, such as `v1.38.1`. */
export async function version(request: MinikubeRequest): Promise<string> {
  return (await call(request, ["version", "--short"], 30)).stdout.trim();
}

/** The request's profile, or undefined when minikube does not know it. */
export async function findProfile(request: MinikubeRequest): Promise<Profile | undefined> {
  return profileIn(await callForJson(request, ["profile", "list", "--light"]), request.profile);
}

/** The error for a cluster whose state minikube cannot tell. It may hold data. */
export function unreadable({ profile }: MinikubeRequest): UserError {
  return new UserError(
    `minikube cannot tell the state of the cluster "${profile}"`,
    "check that Docker answers. If the cluster's containers are gone, run `npm run down -- --abandon`",
  );
}

/** The state of the profile's hosts. */
export async function hostState(request: MinikubeRequest): Promise<HostState> {
  return hostStateIn(await callForJson(request, ["status", "--profile", request.profile]));
}

/**
 * Starts the cluster and reports its progress.
 *
 * @throws UserError when minikube fails, or shows no progress for 150 s
 */
export async function start(request: MinikubeRequest, progress: Progress): Promise<void> {
  const stop = new AbortController();
  const child = execa("minikube", startArguments(request, process.getuid?.() === 0), {
    ...optionsOf(request),
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
    throw new UserError(`minikube start showed no progress for ${idleSeconds} s`, seeLogs);
  }
  refuseAbsent(code);
  const said = [...errors, ...stderr.split("\n").slice(-20)].filter((line) => line !== "");
  const message = `minikube start failed (exit code ${exitCode ?? "none"})`;
  throw new UserError([message, ...said].join("\n"), seeLogs);
}

/** The last lines of the nodes' logs. Empty when minikube cannot read them. */
export async function tailLogs(request: MinikubeRequest): Promise<string> {
  try {
    const args = ["logs", "--profile", request.profile, "--length=15"];
    const { stdout } = await call(request, args, 30);
    return stdout.split("\n").slice(-80).join("\n");
  } catch {
    return "";
  }
}

/** Deletes the profile with all its nodes. Succeeds when there is none. */
export async function deleteProfile(request: MinikubeRequest): Promise<void> {
  const args = ["delete", "--profile", request.profile];
  await mustSucceed(request, args, 180);
  // minikube leaves the network of several nodes behind, and the next cluster of this profile would
  // get it in place of its nodeNetwork. Deleting a profile that is gone removes the network.
  if (request.nodes > 1) await mustSucceed(request, args, 180);
}

/** Adds one node. */
export async function addNode(request: MinikubeRequest): Promise<void> {
  await mustSucceed(request, ["node", "add", "--worker", "--profile", request.profile], 300);
}

/** Deletes a node by minikube's name, such as `m02`. */
export async function deleteNode(request: MinikubeRequest, node: string): Promise<void> {
  await mustSucceed(request, ["node", "delete", node, "--profile", request.profile], 180);
}
