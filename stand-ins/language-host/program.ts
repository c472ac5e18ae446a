import type { ProgramInfo, RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb.js";

import { messageOf } from "../kit/values.ts";
import { type Ending, runNode } from "./children.ts";
import { messages } from "./languageProtocol.ts";
import { resolveSdk } from "./sdk.ts";

/** The SDK's exit code after it has reported an error. */
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

/** Runs a Pulumi program with the SDK's runner. */
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
    else if (ending.code !== 0) response.setError(messageFor(ending));
  } catch (error) {
    response.setError(messageOf(error));
  }
  return response;
}

function messageFor({ code, signal }: Ending): string {
  return code === null
    ? `the program was killed by ${signal ?? "a signal"}`
    : `the program exited with code ${code}`;
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
    request.getProgram() || info?.getEntryPoint() || ".",
    ...request.getArgsList(),
  ];
}

/** Configuration is passed in the environment, because every user can read arguments. */
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
