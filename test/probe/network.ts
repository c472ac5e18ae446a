/**
 * A client, a router and a server in network namespaces of their own, for tests with real packets.
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
  readonly #id = randomBytes(3).toString("hex");
  readonly #server: ChildProcess[] = [];

  /** The router as a vantage. */
  get router(): string {
    return `netns:${this.#path("router")}`;
  }

  /** Builds the network with routes both ways and an HTTP server on port 80. */
  async build(): Promise<void> {
    for (const role of roles) {
      await runFile("ip", ["netns", "add", this.#name(role)]);
    }
    await this.#link("client", "c0", "router", "r0");
    await this.#link("server", "s0", "router", "r1");
    await this.ip("client", `addr add ${addresses.client}/24 dev c0`);
    await this.ip("router", `addr add ${addresses.routerToClient}/24 dev r0`);
    await this.ip("router", `addr add ${addresses.routerToServer}/24 dev r1`);
    await this.ip("server", `addr add ${addresses.server}/24 dev s0`);
    const links = { client: ["lo", "c0"], router: ["lo", "r0", "r1"], server: ["lo", "s0"] };
    for (const role of roles) {
      for (const dev of links[role]) await this.ip(role, `link set ${dev} up`);
    }
    const there = `${addresses.serverNetwork} via ${addresses.routerToClient} metric 100`;
    await this.ip("client", `route add ${there}`);
    await this.ip("server", `route add default via ${addresses.routerToServer}`);
    await this.forward(true);
  }

  /** Runs `ip` with these words in a namespace. */
  async ip(role: Role, words: string): Promise<void> {
    await runFile("ip", ["-n", this.#name(role), ...words.split(" ")]);
  }

  /** Switches forwarding on the router. */
  async forward(on: boolean): Promise<void> {
    const write = `echo ${on ? 1 : 0} > /proc/sys/net/ipv4/ip_forward`;
    await runFile("nsenter", [`--net=${this.#path("router")}`, "--", "sh", "-c", write]);
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
      stdio: ["pipe", "pipe", "inherit"],
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
    for (const role of roles) {
      await runFile("ip", ["netns", "del", this.#name(role)]).catch(() => undefined);
    }
  }

  async #link(one: Role, oneDev: string, other: Role, otherDev: string): Promise<void> {
    const at = ["link", "add", oneDev, "netns", this.#name(one), "type", "veth"];
    await runFile("ip", [...at, "peer", "name", otherDev, "netns", this.#name(other)]);
  }

  #name(role: Role): string {
    return `t-${this.#id}-${role}`;
  }

  #path(role: Role): string {
    return `/run/netns/${this.#name(role)}`;
  }
}

const roles: readonly Role[] = ["client", "router", "server"];
