import type { ResourceValidationPolicy } from "@pulumi/policy";

import { containersOf, podTemplateOf } from "../../facts/kubernetes.ts";
import type { Property } from "../../sdk/property.ts";

/**
 * `ps aux | grep my_server` finds its own grep, so it succeeds in any container with a shell. Even
 * without that flaw it shows that a process exists, not that the server answers. A server that hangs
 * then stays in service.
 */
export const probeIsNoProcessGrep: ResourceValidationPolicy = {
  name: "probe-is-no-process-grep",
  displayName: "A probe sends a request to the server",
  description:
    "No liveness, readiness or startup probe searches the process list with ps, pgrep, pidof or kill -0.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["workloads", "probes"],
  url: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
  remediationSteps:
    "Replace the exec probe by httpGet, tcpSocket or grpc on the server's port. Or remove the liveness probe, because Kubernetes restarts a process that exits without it.",
  validateResource: (args, report) => {
    const pod = podTemplateOf(args.type, args.props);
    if (pod === undefined) return;
    for (const { property } of containersOf(pod)) {
      for (const kind of ["livenessProbe", "readinessProbe", "startupProbe"]) {
        const command = property.at(kind, "exec", "command");
        const program = processListProgram(wordsOf(command));
        if (program === undefined) continue;
        report(
          `${command.path} searches the process list with ${program}. Fix: set ${kind}.httpGet, tcpSocket or grpc with the server's port`,
        );
      }
    }
  },
};

function wordsOf(command: Property): string[] {
  // An unknown word may be any program, and no program has this name.
  return command.items().map(({ text }) => text ?? "?");
}

/** The first program of this command, or of the shell script in it, that reads the process list. */
function processListProgram(words: readonly string[]): string | undefined {
  const [program = "", ...rest] = words;
  const isShell = /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(program);
  const option = rest.findIndex((word) => /^-[a-z]*c[a-z]*$/.test(word));
  if (!isShell || option === -1) return asProcessList(words);
  const script = rest[option + 1] ?? "";
  for (const part of script.split(/[;&|()`{}\n]+/)) {
    const found = asProcessList(part.trim().split(/\s+/));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Words that may precede the program in a line of shell. */
const prefix =
  /^(?:if|then|else|while|until|do|!|exec|sudo|busybox|timeout|\d+[smh]?|test|\[{1,2}|\w+=.*|["'$]*)$/;

function asProcessList(words: readonly string[]): string | undefined {
  const start = words.findIndex((word) => !prefix.test(word));
  const [first = "", ...options] = start === -1 ? [] : words.slice(start);
  const name = first.replace(/^["'$]+|["']+$/g, "").replace(/^.*\//, "");
  if (["ps", "pgrep", "pidof"].includes(name)) return name;
  const signals = ["kill", "pkill", "killall"].includes(name) && options.includes("-0");
  return signals ? `${name} -0` : undefined;
}
