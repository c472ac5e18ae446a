/**
 * Runs a preview and prints each engine event as one line of JSON. It is a separate program, because
 * the engine must run in the client's network namespace and sends its events to the process that
 * started it.
 *
 * Arguments: stack, stack file, then `--refresh` and `--expect-no-changes` as needed.
 */
import { LocalWorkspace, Stack } from "@pulumi/pulumi/automation/index.js";

import { engineErrorIn, messageOf } from "../report/errorText.ts";
import { policySettingsOf } from "./project.ts";

const [name = "", configFile = "", ...flags] = process.argv.slice(2);
const variables = Object.fromEntries(
  Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
);
// The program reports all faults of its configuration. The engine would stop at the first.
variables.PULUMI_OPTION_SKIP_CONFIG_VALIDATION = "true";
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // On a terminal the kernel has sent Ctrl-C to the engine too.
    if (signal === "SIGTERM" || !process.stdin.isTTY) stop.abort();
  });
}

const policySettings = policySettingsOf(name);
let events = 0;
try {
  const workspace = await LocalWorkspace.create({ workDir: process.cwd(), envVars: variables });
  // A selection in the project's folder would replace the user's. Each run names the stack anyway.
  workspace.selectStack = () => Promise.resolve();
  const stack = await Stack.select(name, workspace);
  await stack.preview({
    configFile,
    policyPacks: ["policies"],
    ...(policySettings !== undefined && { policyPackConfigs: [policySettings] }),
    refresh: flags.includes("--refresh"),
    expectNoChanges: flags.includes("--expect-no-changes"),
    color: "never",
    signal: stop.signal,
    onEvent: (event) => {
      if ((event.diagnosticEvent?.severity as string | undefined) === "debug") return;
      events += 1;
      process.stdout.write(`${JSON.stringify(event)}\n`);
    },
  });
} catch (error) {
  const message = messageOf(error);
  // Without events nothing has been shown yet.
  const reason = engineErrorIn(message) ?? (events === 0 ? `error: ${message}` : undefined);
  if (reason !== undefined) process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}
