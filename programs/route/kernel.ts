/** Runs `ip` at a vantage. The only module of the route program that touches the system. */
import { CouldNotAsk, UserError } from "../../messages/errors.ts";
import type { Family } from "../../net/addresses.ts";
import { gatewaysOf, parseInterfaceAddresses, parseRoutes } from "../../net/ip.ts";
import { run } from "../../net/run.ts";
import { enterVantage, parseVantage } from "../../net/vantage.ts";
import type { RouteRequest } from "./request.ts";
import { type TableEntry, tableEntry } from "./table.ts";

/**
 * Routing protocol number of the routes that this program adds. It identifies them after a crash,
 * and no other route is ever removed. iproute2 has no name for 173.
 */
export const ownProtocol = "173";

const timeoutMilliseconds = 20_000;

/** The way that the kernel chose for a packet. Without a gateway the address is on the link. */
export interface Way {
  readonly gateway: string | undefined;
  readonly device: string | undefined;
}

/** The routes of one vantage. Every method throws UserError when `ip` fails. */
export class Kernel {
  readonly #on: string;
  readonly #family: Family;

  constructor(on: string, family: Family) {
    this.#on = on;
    this.#family = family;
  }

  /** The main table. */
  async table(): Promise<TableEntry[]> {
    const routes = parseRoutes(await this.#ip(["-j", "route", "show"]));
    return routes.map((route) => tableEntry(route, this.#family));
  }

  /** The vantage's own addresses. */
  async ownAddresses(): Promise<string[]> {
    const addresses = parseInterfaceAddresses(await this.#ip(["-j", "address", "show"]));
    return addresses.map(({ address }) => address);
  }

  /** The way of a packet to this address, or why the kernel refuses to send it. */
  async lookup(address: string): Promise<Way | { readonly refused: string }> {
    const ran = await this.#run(["-j", "route", "get", address]);
    const refused = /RTNETLINK answers: (.+)/.exec(ran.stderr)?.[1];
    if (refused !== undefined) return { refused };
    const [route] = parseRoutes(this.#succeeded(ran));
    if (route === undefined) throw new CouldNotAsk(`ip printed no route to ${address}`);
    return { gateway: gatewaysOf(route)[0], device: route.dev };
  }

  /** Adds a route with {@link ownProtocol}. */
  async add(route: RouteRequest): Promise<void> {
    await this.#ip(["route", "add", route.to, "via", route.via, "proto", ownProtocol]);
  }

  /** Removes a route of {@link ownProtocol}. False when it, or its whole namespace, is gone. */
  async remove(route: RouteRequest): Promise<boolean> {
    const words = ["route", "del", route.to, "via", route.via, "proto", ownProtocol];
    const ran = await this.#run(words);
    if (/No such process|nsenter: cannot open .*No such file/.test(ran.stderr)) return false;
    this.#succeeded(ran);
    return true;
  }

  async #ip(words: readonly string[]): Promise<string> {
    return this.#succeeded(await this.#run(words));
  }

  async #run(words: readonly string[]): Promise<Finished> {
    const prefix = enterVantage(parseVantage(this.#on));
    const argv = [...prefix, "ip", `-${this.#family}`, ...words];
    const command = argv.join(" ");
    const ran = await run(argv, { timeoutMilliseconds });
    if (ran.kind === "ended") return { ...ran, command };
    throw ran.kind === "absent"
      ? new UserError(`"${command}" failed: ${ran.why}`, "install it (ip is in iproute2)")
      : new UserError(`"${command}" failed: ${ran.why}`, `check that ${this.#on} is up`);
  }

  #succeeded({ code, stdout, stderr, command }: Finished): string {
    if (code === 0) return stdout;
    const text = stderr.trim();
    throw new UserError(`"${command}" failed: ${text}`, fixFor(text, this.#on));
  }
}

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly command: string;
}

function fixFor(text: string, on: string): string {
  if (/not permitted|ermission denied/.test(text)) {
    return `run as root, or add the route on ${on} by hand`;
  }
  if (text.startsWith("nsenter: cannot open")) {
    return "start what creates this network namespace, or name another vantage";
  }
  return `look at \`ip route\` on ${on}`;
}
