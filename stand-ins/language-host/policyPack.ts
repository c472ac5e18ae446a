import type { RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb.js";

import { Unsupported } from "../kit/values.ts";
import { runNode } from "./children.ts";
import { messages } from "./languageProtocol.ts";
import { resolveSdk } from "./sdk.ts";

/**
 * Runs a policy pack with the SDK's runner and streams its output. The first line is its port.
 *
 * @throws {Unsupported} for any other kind of plugin.
 */
export async function runPolicyPack(
  request: RunPluginRequest,
  stop: AbortSignal,
  write: (response: RunPluginResponse) => void,
): Promise<void> {
  if (request.getKind() !== "analyzer") {
    throw new Unsupported(
      `plugins of kind ${request.getKind()} in Node are not supported by this stand-in`,
    );
  }
  // The runner starts in the pack's folder and gets the pack as its second argument.
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const runner = resolveSdk("@pulumi/pulumi/cmd/run-policy-pack", directory);
  const { code } = await runNode({
    args: [runner, ...request.getArgsList(), directory],
    cwd: directory,
    env: Object.fromEntries(request.getEnvList().map(splitAssignment)),
    stop,
    output: (name, text) => {
      const response = new messages.RunPluginResponse();
      if (name === "stdout") response.setStdout(text);
      else response.setStderr(text);
      write(response);
    },
  });
  const response = new messages.RunPluginResponse();
  response.setExitcode(code ?? 1);
  write(response);
}

function splitAssignment(assignment: string): [string, string] {
  const equals = assignment.indexOf("=");
  return [assignment.slice(0, equals), assignment.slice(equals + 1)];
}
