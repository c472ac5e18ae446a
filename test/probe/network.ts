/**
 * A client, a router and a server in separate network namespaces, for tests with real packets.
 * Nothing outside these namespaces is touched.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { promisify } from "node:util";

import { type Verdict, verdictSchema } from "../../probe/verdict.ts";

const runFile = promisify(execFile);

/** Addresses of every {@link Network}; each is alone in its namespaces. */
export const addresses = {
  client: "10.9.1.2",
  routerToClient: "10.9.1.1",
  routerToServer: "10.9.2.1",
  server: "10.9.2.2",
  serverNetwork: "10.9.2.0/24",
} as const;

const serverProgram = `
  require("node:http").createServer((request, response) => {
    response.setHeader("Server", "test").end("mark");
  }).listen(80, () => console.log("ready"));`;

/** The place of one namespace. */
export type Role = "client" | "router" | "server";

/** A client – router – server network in namespaces named `t-<random>-<role>`. */
export class Network {
  readonly #names: Readonly<Record<Role, string>>;
  readonly #server: ChildProcess[] = [];

  constructor() {
    const id = randomBytes(3).toString("hex");
    this.#names = { client: `t-${id}-client`, router: `t-${id}-router`, server: `t-${id}-server` };
  }

  /** The router as a vantage. */
  get router(): string {
    return `netns:${this.#path("router")}`;
  }

  /** Builds the network with routes both ways and a router that forwards. */
  async build(): Promise<void> {
    const { client, router, server } = this.#names;
    await batch([
      ...[client, router, server].map((name) => `netns add ${name}`),
      `link add c0 netns ${client} type veth peer name r0 netns ${router}`,
      `link add s0 netns ${server} type veth peer name r1 netns ${router}`,
    ]);
    const up = (dev: string, address: string) => [
      // Without lo the kernel cannot report a failed ARP lookup to a socket.
      "link set lo up",
      `addr add ${address}/24 dev ${dev}`,
      `link set ${dev} up`,
    ];
    const { serverNetwork, routerToClient, routerToServer } = addresses;
    await Promise.all([
      batch([...up("r0", routerToClient), ...up("r1", routerToServer)], router),
      batch([...up("s0", addresses.server), `route add default via ${routerToServer}`], server),
      batch(
        [
          ...up("c0", addresses.client),
          `route add ${serverNetwork} via ${routerToClient} metric 100`,
        ],
        client,
      ),
      this.forward(true),
    ]);
  }

  /** Runs `ip` with these words in a namespace. */
  async ip(role: Role, words: string): Promise<void> {
    await runFile("ip", ["-n", this.#names[role], ...words.split(" ")]);
  }

  /** Switches forwarding on the router. */
  async forward(on: boolean): Promise<void> {
    const write = `echo ${on ? 1 : 0} > /proc/sys/net/ipv4/ip_forward`;
    await runFile("nsenter", [`--net=${this.#path("router")}`, "--", "sh", "-c", write]);
  }

  /** Gives the router a ruleset of nftables. */
  async nft(rules: string): Promise<void> {
    await runFile("nsenter", [`--net=${this.#path("router")}`, "--", "nft", rules]);
  }

  /** Starts the HTTP server and waits until it listens. */
  async serve(): Promise<void> {
    const words = [`--net=${this.#path("server")}`, "--", process.execPath, "-e", serverProgram];
    const child = spawn("nsenter", words, { stdio: ["ignore", "pipe", "inherit"] });
    this.#server.push(child);
    await once(child.stdout, "data");
  }

  /** Runs the probe on the client with one request, and returns exit code and verdict. */
  async probe(request: object): Promise<{ code: number | null; verdict: Verdict }> {
    const main = new URL("../../probe/main.ts", import.meta.url).pathname;
    const words = [`--net=${this.#path("client")}`, "--", process.execPath, main];
    const child = spawn("nsenter", [...words, "request", "--json"], {
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, KUBECONFIG: undefined },
    });
    const parts: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.stdin.end(JSON.stringify(request));
    const [code] = (await once(child, "close")) as [number | null];
    const text = Buffer.concat(parts).toString("utf8");
    return { code, verdict: verdictSchema.parse(JSON.parse(text)) };
  }

  /** Ends the server and deletes the namespaces, however much of them there is. */
  async delete(): Promise<void> {
    for (const child of this.#server.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "close");
    }
    const commands = Object.values(this.#names).map((name) => `netns del ${name}`);
    await batch(commands).catch(() => undefined);
  }

  #path(role: Role): string {
    return `/run/netns/${this.#names[role]}`;
  }
}

/** Runs several commands of `ip` in one process, all of them even when one fails. */
async function batch(commands: readonly string[], namespace?: string): Promise<void> {
  const at = namespace === undefined ? [] : ["-n", namespace];
  const running = runFile("ip", [...at, "-force", "-batch", "-"]);
  running.child.stdin?.end(commands.map((command) => `${command}\n`).join(""));
  await running;
}
