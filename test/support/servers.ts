/** Servers on free ports of 127.0.0.1 for the tests, and their end. */
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { createSocket } from "node:dgram";

const open: (() => Promise<void>)[] = [];

/** Ends every server that a test started; call it after each test. */
export async function stopServers(): Promise<void> {
  await Promise.all(open.splice(0).map((stop) => stop()));
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A TCP server; returns its port. */
export function serveTcp(onConnection: (socket: Socket) => void): Promise<number> {
  return listen(createServer(onConnection));
}

/** An HTTP server; returns its port. */
export function serveHttp(onRequest: RequestListener): Promise<number> {
  return listen(createHttpServer(onRequest));
}

/** A closed port. */
export async function closedPort(): Promise<number> {
  const port = await serveTcp(() => undefined);
  await open.pop()?.();
  return port;
}

/** A DNS server over UDP; returns its port. */
export async function serveUdp(answer: (query: Buffer) => Buffer): Promise<number> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    socket.send(answer(query), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  open.push(async () => {
    socket.close();
    await once(socket, "close");
  });
  return socket.address().port;
}

/** A DNS server over TCP; returns its port. */
export function serveDnsTcp(answer: (query: Buffer) => Buffer): Promise<number> {
  return serveTcp((socket) => {
    socket.on("data", (part) => {
      const message = answer(part.subarray(2));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      // In two parts, as a network may deliver it.
      socket.write(length);
      socket.write(message);
    });
  });
}

/** A DNS answer to a query: one record for each IPv4 address, each with a pointer as its name. */
export function dnsAnswer(query: Buffer, addresses: readonly string[], code = 0): Buffer {
  const message = Buffer.from(query);
  message.writeUInt16BE(0x8180 | code, 2);
  message.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((address) =>
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, ...address.split(".").map(Number)]),
  );
  return Buffer.concat([message, ...records]);
}
