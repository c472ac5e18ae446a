import { spawn, type ChildProcess } from "node:child_process";

import { asList, asMap, asText, type Properties } from "../kit/values.ts";

/** Output of a command. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Time between SIGTERM and SIGKILL for a cancelled command. */
const patienceMilliseconds = 5_000;

const running = new Set<ChildProcess>();

/** Kills every running command and its children. */
export function endCommands(): void {
  for (const child of running) signal(child, "SIGKILL");
}

/** Signals the command's process group, which includes its children. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid !== undefined) {
    try {
      process.kill(-child.pid, name);
    } catch {
      // It has already ended.
    }
  }
}

/**
 * Runs one command line.
 *
 * @param inputs interpreter, dir, environment, stdin, logging and addPreviousOutputInEnv
 * @param previous output of the last run, passed as PULUMI_COMMAND_STDOUT and PULUMI_COMMAND_STDERR
 * @throws {Error} with all output, when the exit status is not 0
 */
export async function run(
  command: string,
  inputs: Properties,
  previous: Output,
  say: (line: string) => void,
  cancelled: AbortSignal,
): Promise<Output> {
  const interpreter = asList(inputs.interpreter).map(String);
  const [program = "/bin/sh", ...options] = interpreter.length ? interpreter : ["/bin/sh", "-c"];
  const child = spawn(program, [...options, command], {
    cwd: asText(inputs.dir) ?? process.cwd(),
    env: environmentOf(inputs, previous),
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  running.add(child);

  const printed = { stdout: "", stderr: "", both: "" };
  const logging = asText(inputs.logging) ?? "stdoutAndStderr";
  for (const name of ["stdout", "stderr"] as const) {
    const logged = logging === name || logging === "stdoutAndStderr";
    const lines = splitter(logged ? say : () => undefined);
    child[name].setEncoding("utf8");
    child[name].on("data", (text: string) => {
      printed[name] += text;
      printed.both += text;
      lines.add(text);
    });
    child[name].on("end", lines.end);
  }
  // A command may end without reading its input.
  child.stdin.on("error", () => undefined);
  child.stdin.end(asText(inputs.stdin) ?? "");

  const stop = () => {
    signal(child, "SIGTERM");
    setTimeout(() => {
      signal(child, "SIGKILL");
    }, patienceMilliseconds).unref();
  };
  cancelled.addEventListener("abort", stop, { once: true });
  if (cancelled.aborted) stop();
  try {
    await ended(child, command, printed);
  } finally {
    running.delete(child);
    cancelled.removeEventListener("abort", stop);
  }
  return { stdout: trimmed(printed.stdout), stderr: trimmed(printed.stderr) };
}

function environmentOf(inputs: Properties, previous: Output): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  for (const [key, value] of Object.entries(asMap(inputs.environment))) {
    environment[key] = typeof value === "string" ? value : JSON.stringify(value);
  }
  if (inputs.addPreviousOutputInEnv !== false) {
    if (previous.stdout !== "") environment.PULUMI_COMMAND_STDOUT = previous.stdout;
    if (previous.stderr !== "") environment.PULUMI_COMMAND_STDERR = previous.stderr;
  }
  return environment;
}

function ended(child: ChildProcess, command: string, printed: { both: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, name) => {
      if (code === 0) {
        resolve();
        return;
      }
      const how = code === null ? `signal: ${name ?? "unknown"}` : `exit status ${code}`;
      reject(new Error(`${how}: running ${JSON.stringify(command)}:\n${printed.both}`));
    });
  });
}

/** Splits a stream of text into lines. */
function splitter(say: (line: string) => void): { add: (text: string) => void; end: () => void } {
  let rest = "";
  return {
    add: (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(say);
    },
    end: () => {
      if (rest !== "") say(rest);
    },
  };
}

/** Removes one trailing line end, as the official plugin does. */
function trimmed(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
