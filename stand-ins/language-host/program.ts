import type { ProgramInfo, RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb.js";

import { messageOf } from "../kit/values.ts";
import { type Ending, runNode } from "./children.ts";
import { messages } from "./languageProtocol.ts";
import { resolveSdk } from "./sdk.ts";

/** The SDK leaves with this when it has told the person what is wrong: nothing is to be added. */
const alreadyReportedStatus = 32;

/** The options under `runtime:` in Pulumi.yaml. */
export interface RuntimeOptions {
  readonly typescript?: boolean;
  readonly nodeargs?: string;
  readonly tsconfig?: string;
}

/** Reads the options under `runtime:`. */
export function optionsOf(info: ProgramInfo | undefined): RuntimeOptions {
  return info?.getOptions()?.toJavaScript() ?? {};
}

/** Runs a Pulumi program by the SDK's own runner and says how it ended. */
export async function runProgram(
  request: RunRequest,
  engine: string,
  stop: AbortSignal,
): Promise<RunResponse> {
  const response = new messages.RunResponse();
  try {
    const env = environmentOf(request);
    const ending = await runNode({ args: argsOf(request, engine), cwd: process.cwd(), env, stop });
    if (ending.code === alreadyReportedStatus || stop.aborted) response.setBail(true);
    else if (ending.code !== 0) response.setError(complaint(ending));
  } catch (error) {
    response.setError(messageOf(error));
  }
  return response;
}

function complaint({ code, signal }: Ending): string {
  return code === null
    ? `the program was ended by ${signal ?? "a signal"}`
    : `the program left with exit code ${code}`;
}

function argsOf(request: RunRequest, engine: string): string[] {
  const info = request.getInfo();
  const { nodeargs = "" } = optionsOf(info);
  const flags = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    "query-mode": "false",
    parallel: String(request.getParallel()),
  };
  return [
    ...nodeargs.split(/\s+/).filter((argument) => argument !== ""),
    ...(request.getAttachDebugger() ? ["--inspect-brk"] : []),
    resolveSdk("@pulumi/pulumi/cmd/run", info?.getProgramDirectory() ?? request.getPwd()),
    ...Object.entries(flags).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    // The program is what package.json names as `main`, or the file that Pulumi.yaml names.
    request.getProgram() || info?.getEntryPoint() || ".",
    ...request.getArgsList(),
  ];
}

/** Config goes by environment, which other users of the machine cannot read, and never by argument. */
function environmentOf(request: RunRequest): NodeJS.ProcessEnv {
  const { typescript = true, tsconfig } = optionsOf(request.getInfo());
  return {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}
