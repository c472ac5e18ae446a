import type { ResourceValidationPolicy } from "@pulumi/policy";

import { containersOf, podTemplateOf } from "../../facts/kubernetes.ts";
import type { Property } from "../../sdk/property.ts";

/**
 * The first exercise's liveness probe was `ps aux | grep my_web_server_process`. It finds its own
 * grep, so it succeeds in any container with a shell; even without that flaw it says that a process
 * exists, not that it answers. A dead server stayed in service for as long as nobody looked.
 */
export const probeIsNoProcessGrep: ResourceValidationPolicy = {
  name: "probe-is-no-process-grep",
  displayName: "A probe asks the server, not the process list",
  description:
    "No liveness, readiness or startup probe looks for a process (ps, pgrep, pidof, kill -0): it must ask the server.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["workloads", "probes"],
  url: "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
  remediationSteps:
    "Replace the exec probe by httpGet, tcpSocket or grpc on the port that the server listens on, or leave the liveness probe out: a process that ends is restarted without it.",
  validateResource: (args, report) => {
    const pod = podTemplateOf(args.type, args.props);
    if (pod === undefined) return;
    for (const { property } of containersOf(pod)) {
      for (const kind of ["livenessProbe", "readinessProbe", "startupProbe"]) {
        const command = property.at(kind, "exec", "command");
        const program = processListProgram(wordsOf(command));
        if (program === undefined) continue;
        report(
          `${command.path} looks for a process with ${program}; ask the server instead: ${kind}.httpGet, tcpSocket or grpc on its port`,
        );
      }
    }
  },
};

function wordsOf(command: Property): string[] {
  // What nobody knows yet may be any program; no program has this name.
  return command.items().map(({ text }) => text ?? "?");
}

/** The first program run by this command, or by the shell script in it, that reads the process list. */
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

/** Words that stand before the program a line runs. */
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
