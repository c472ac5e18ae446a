/** Runs a command in a pod through the API server, as `kubectl exec` does. */
import { stringify } from "node:querystring";

import { z } from "zod";

import { CouldNotAsk } from "../messages/errors.ts";
import type { Connection } from "./connection.ts";
import { parseJson } from "./parseJson.ts";

/** A command in a container of a pod. */
export interface PodCommand {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The program and its arguments. There is no shell. */
  readonly command: readonly string[];
}

/** What the command printed, and how it ended. */
export interface PodAnswer {
  /** Undefined when the command did not end in time. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The part of client-node's WebSocket that is used here. Its package has no types. */
interface Socket {
  onclose: () => void;
  terminate(): void;
}

/** Channels of the API server's exec protocol. */
const channels = { stdout: 1, stderr: 2, status: 3 } as const;

const statusSchema = z.object({
  status: z.enum(["Success", "Failure"]),
  message: z.string().optional(),
  details: z
    .object({ causes: z.array(z.object({ reason: z.string(), message: z.string() })).optional() })
    .optional(),
});

/**
 * Runs a command and waits for its end. A command that fails or does not end is an answer too.
 *
 * @throws CouldNotAsk when the API server or the node does not run it
 */
export async function execute(
  { server, options }: Connection,
  { namespace, pod, container, command }: PodCommand,
  timeoutSeconds: number,
): Promise<PodAnswer> {
  const { WebSocketHandler } = await import("@kubernetes/client-node/dist/web-socket-handler.js");
  const failed = (why: string) =>
    new CouldNotAsk(
      `the API server at ${server.host} ran no ${command[0] ?? "command"} in the pod ${namespace}/${pod}: ${why}`,
      "check that the pod runs and that the kubeconfig's user may create pods/exec",
    );
  const output: Record<number, Buffer[]> = {};
  const ending = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(() => {
    ending.resolve(undefined);
  }, timeoutSeconds * 1000);
  const handler = new WebSocketHandler({
    getCurrentCluster: () => ({ server: server.href.replace(/\/$/, "") }),
    applyToHTTPSOptions: (all: object) =>
      Object.assign(all, options, { handshakeTimeout: timeoutSeconds * 1000 }),
  } as never);
  const query = stringify({ container, command: [...command], stdout: true, stderr: true });
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec`;
  let socket: Socket | undefined;
  try {
    const opened: Promise<unknown> = handler.connect(`${path}?${query}`, null, (channel, data) => {
      if (channel === channels.status) ending.resolve(data.toString("utf8"));
      else (output[channel] ??= []).push(data);
      return channel !== channels.status;
    });
    socket = (await opened.catch((error: unknown) => {
      throw failed(String((error as { message?: unknown }).message));
    })) as Socket;
    socket.onclose = () => {
      ending.reject(failed("the connection was closed before the end"));
    };
    const status = await ending.promise;
    const exitCode = status === undefined ? undefined : exitCodeOf(status);
    if (typeof exitCode === "string") throw failed(exitCode);
    const read = (channel: number) => Buffer.concat(output[channel] ?? []).toString("utf8");
    return { exitCode, stdout: read(channels.stdout), stderr: read(channels.stderr) };
  } finally {
    clearTimeout(timer);
    socket?.terminate();
  }
}

/** The exit code, or the reason why there is none. */
function exitCodeOf(text: string): number | string {
  const { data } = statusSchema.safeParse(parseJson(text));
  if (data === undefined) return "its status has an unexpected shape";
  if (data.status === "Success") return 0;
  const cause = data.details?.causes?.find(({ reason }) => reason === "ExitCode");
  return cause === undefined ? (data.message ?? "it failed") : Number(cause.message);
}
