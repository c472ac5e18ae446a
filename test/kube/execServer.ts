/** An API server that answers GET requests and `exec`, whose WebSocket is written by hand. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** How a command ends. `silent` never ends, `closed` ends without a status. */
export type Ending =
  | { readonly exitCode: number; readonly stdout?: string; readonly stderr?: string }
  | { readonly status: object }
  | { readonly refused: number }
  | "silent"
  | "closed";

/** A command in a pod, as the API server receives it. */
export interface Received {
  readonly path: string;
  readonly container: string | null;
  readonly command: readonly string[];
  readonly authorization: string | undefined;
}

/** A frame of a WebSocket's server with one channel of the exec protocol. */
function frame(channel: number, text: string): Buffer {
  const payload = Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
  const head = Buffer.from([0x82, 126, 0, 0]);
  head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

const closeFrame = Buffer.from([0x88, 0]);

function statusOf(exitCode: number): object {
  if (exitCode === 0) return { status: "Success" };
  const causes = [{ reason: "ExitCode", message: String(exitCode) }];
  return { status: "Failure", reason: "NonZeroExitCode", details: { causes } };
}

/** Starts the server on 127.0.0.1. */
export async function serveExec(
  answer: (received: Received) => Ending,
  listener: RequestListener = (_, response) => response.writeHead(404).end("{}"),
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const server = createServer(listener);
  const sockets = new Set<Socket>();
  server.on("upgrade", ({ url = "", headers }, socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
    const ending = answer({
      path: pathname,
      container: searchParams.get("container"),
      command: searchParams.getAll("command"),
      authorization: headers.authorization,
    });
    if (typeof ending === "object" && "refused" in ending) {
      socket.end(`HTTP/1.1 ${ending.refused} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const key = `${headers["sec-websocket-key"] ?? ""}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    socket.write(
      [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}`,
        "Sec-WebSocket-Protocol: v5.channel.k8s.io",
        "\r\n",
      ].join("\r\n"),
    );
    if (ending === "silent") return;
    if (ending === "closed") {
      socket.end(closeFrame);
      return;
    }
    if ("exitCode" in ending) {
      if (ending.stdout !== undefined) socket.write(frame(1, ending.stdout));
      if (ending.stderr !== undefined) socket.write(frame(2, ending.stderr));
    }
    const status = "status" in ending ? ending.status : statusOf(ending.exitCode);
    socket.write(frame(3, JSON.stringify(status)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
