import { execa } from "execa";

import { hostIn, lastJson, profileIn } from "../../../programs/minikube/answers.ts";
import { clusterRequest, enterMachine } from "../../support/cluster.ts";
import { inShell } from "./lab.ts";

/** What minikube prints to each question about a profile and its second node. */
export interface Answers {
  readonly light: unknown;
  readonly long: unknown;
  readonly status: unknown;
}

const json = "--output=json";
const questions = (profile: string): string[][] => [
  ["profile", "list", "--light", json],
  ["profile", "list", json],
  ["status", "--profile", profile, "--node", `${profile}-m02`, json],
];

const toAnswers = ([light, long, status]: readonly string[]): Answers => ({
  light: lastJson(light ?? ""),
  long: lastJson(long ?? ""),
  status: lastJson(status ?? ""),
});

/** Asks the real minikube about the cluster of a stack, with another DOCKER_HOST if there is one. */
export async function askReal(
  stack: string,
  profile: string,
  dockerHost?: string,
): Promise<Answers> {
  // The lab's minikube is a script that sets the variable itself.
  const launcher =
    dockerHost === undefined
      ? 'cat "$(command -v minikube)"'
      : `sed "s|^export DOCKER_HOST=.*|export DOCKER_HOST=${dockerHost}|" "$(command -v minikube)"`;
  const answers: string[] = [];
  for (const words of questions(profile)) {
    const line = `${launcher} | sh -s -- ${words.join(" ")}; true`;
    answers.push((await inShell(stack, "router", ["sh", "-c", line])).stdout);
  }
  return toAnswers(answers);
}

/** States of a cluster that the real and the pretended minikube are asked about. */
export type Situation = "running" | "stopped" | "gone" | "unreachable" | "missing";

/** Asks the pretended minikube about a cluster whose second node is in that state. */
export async function askPretended(situation: Situation): Promise<Answers> {
  const machine = await enterMachine();
  try {
    machine.profile({ nodes: ["first", "m02"], containers: "running" });
    const worker = `${clusterRequest.profile}-m02`;
    if (situation === "stopped") machine.container(worker, "exited");
    if (situation === "gone") machine.container(worker, undefined);
    if (situation === "unreachable") machine.world("docker-is-down", "");
    const profile = situation === "missing" ? "missing" : clusterRequest.profile;
    const answers: string[] = [];
    for (const words of questions(profile)) {
      answers.push((await execa("minikube", words, { reject: false })).stdout);
    }
    return toAnswers(answers);
  } finally {
    await machine.leave();
  }
}

/** Every cluster has another token, so only its type is compared. */
function profileReading(list: unknown, name: string) {
  const profile = profileIn(list, name);
  return profile && { ...profile, token: typeof profile.token };
}

/** What this project takes from the answers. */
export const readingOf = (answers: Answers, profile: string) => ({
  light: profileReading(answers.light, profile),
  long: profileReading(answers.long, profile),
  host: hostIn(answers.status),
});

/** Paths in the pretended answers that the real ones do not have. */
export function invented(pretended: unknown, real: unknown, path = ""): string[] {
  // Null stands for every answer that says nothing about a state. The reading shows that it does not.
  if (pretended === null) return [];
  if (typeof pretended !== "object") {
    return typeof pretended === typeof real
      ? []
      : [`${path}: ${JSON.stringify(pretended)}, really ${JSON.stringify(real ?? null)}`];
  }
  return Object.entries(pretended).flatMap(([key, value]) =>
    invented(value, (real as Record<string, unknown> | null | undefined)?.[key], `${path}.${key}`),
  );
}
