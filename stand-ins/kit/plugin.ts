import { fstatSync } from "node:fs";

import type { Server } from "@grpc/grpc-js";

import { grpc } from "./protocol.ts";

/** The engine's own limit. */
const messageBytes = 400 * 1024 * 1024;

/** The engine's address, which is the last argument without a dash. */
export function engineAddress(args: readonly string[] = process.argv.slice(2)): string {
  return args.findLast((argument) => !argument.startsWith("-")) ?? "";
}

/**
 * Serves a plugin until the engine ends it.
 *
 * Ctrl-C does not reach a plugin, because the engine starts each one in a separate process group. The engine
 * calls `Cancel`, waits for running operations and saves the state. Then it sends SIGINT and waits five
 * seconds. A killed engine closes the plugin's stdin.
 *
 * @param leave ends the processes that the plugin started. It runs once, before the process exits.
 */
export function serve(
  register: (server: Server) => void,
  leave: () => void = () => undefined,
): void {
  const exit = () => {
    leave();
    process.exit(0);
  };
  process.on("SIGINT", exit);
  process.on("SIGTERM", exit);
  if (isPipe(0)) {
    process.stdin.on("close", exit);
    process.stdin.resume();
  }

  const server = new grpc.Server({
    "grpc.max_receive_message_length": messageBytes,
    "grpc.max_send_message_length": messageBytes,
  });
  register(server);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(
        `error: cannot listen on 127.0.0.1: ${error.message}\nFix: allow local TCP listeners.\n`,
      );
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });
}

function isPipe(descriptor: number): boolean {
  try {
    const about = fstatSync(descriptor);
    return about.isFIFO() || about.isSocket();
  } catch {
    return false;
  }
}
