import { fstatSync } from "node:fs";

import { Server, ServerCredentials } from "@grpc/grpc-js";

/** Messages hold whole CRDs and kubeconfigs: the engine's own limit, 400 MiB. */
const messageBytes = 400 * 1024 * 1024;

/** The engine's address: the last argument that is no option. */
export function engineAddress(args: readonly string[] = process.argv.slice(2)): string {
  return args.findLast((argument) => !argument.startsWith("-")) ?? "";
}

/**
 * Serves a plugin until the engine ends it.
 *
 * The engine gives each plugin a process group of its own, so a Ctrl-C at the terminal does not arrive here:
 * the engine calls `Cancel`, waits for what is under way, saves, and only then sends SIGINT, after which it
 * waits five seconds for those who stay. When the engine itself is killed, its end of our stdin closes.
 *
 * @param leave ends what the plugin started; called once, just before the process exits.
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

  const server = new Server({
    "grpc.max_receive_message_length": messageBytes,
    "grpc.max_send_message_length": messageBytes,
  });
  register(server);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(`cannot listen on 127.0.0.1: ${error.message}\n`);
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
