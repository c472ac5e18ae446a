import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { Family } from "../../net/addresses.ts";
import { enterVantage, parseVantage } from "../../net/vantage.ts";
import type { RouteRequest } from "./request.ts";
import { parseLookup, parseOwnAddresses, parseRouteTable, type Route } from "./routeTable.ts";

/**
 * Number of the routing protocol that our routes carry, so that a route of ours is known again
 * after a crash and nobody else's is ever removed. iproute2 names no protocol 173.
 */
export const ownProtocol = "173";

const run = promisify(execFile);
const timeoutMilliseconds = 20_000;

/** `ip` failed; `text` is what it, or what leads to it, wrote on stderr. */
export class KernelError extends Error {
  override readonly name = "KernelError";
  readonly text: string;

  constructor(message: string, text: string) {
    super(message);
    this.text = text;
  }
}

/** The routes of one vantage, through its own `ip`. */
export class Kernel {
  readonly #on: string;
  readonly #family: Family;

  constructor(on: string, family: Family) {
    this.#on = on;
    this.#family = family;
  }

  /** The main table, with metrics. */
  async table(): Promise<Route[]> {
    return parseRouteTable(await this.#ip(["-j", "route", "show"]), this.#family);
  }

  async ownAddresses(): Promise<string[]> {
    return parseOwnAddresses(await this.#ip(["-j", "address", "show"]));
  }

  /** Where the kernel would send a packet to this address now. */
  async lookup(address: string): Promise<ReturnType<typeof parseLookup>> {
    return parseLookup(await this.#ip(["-j", "route", "get", address]));
  }

  async add(route: RouteRequest): Promise<void> {
    await this.#ip(["route", "add", route.to, "via", route.via, "proto", ownProtocol]);
  }

  /** Removes a route of ours; false where it, or the whole namespace, is gone already. */
  async remove(route: RouteRequest): Promise<boolean> {
    try {
      await this.#ip(["route", "del", route.to, "via", route.via, "proto", ownProtocol]);
      return true;
    } catch (error) {
      const isGone = /No such process|nsenter: cannot open .*No such file/;
      if (error instanceof KernelError && isGone.test(error.text)) return false;
      throw error;
    }
  }

  async #ip(words: readonly string[]): Promise<string> {
    const [program = "ip", ...args] = [
      ...enterVantage(parseVantage(this.#on)),
      "ip",
      `-${this.#family}`,
      ...words,
    ];
    try {
      const { stdout } = await run(program, args, {
        timeout: timeoutMilliseconds,
        env: { ...process.env, LC_ALL: "C" },
      });
      return stdout;
    } catch (error) {
      throw explain(error, this.#on, [program, ...args].join(" "));
    }
  }
}

function explain(error: unknown, on: string, asked: string): KernelError {
  const {
    code,
    killed,
    stderr = "",
  } = error as {
    code?: string | number;
    killed?: boolean;
    stderr?: string;
  };
  const text = stderr.trim();
  const failed = (remedy: string) =>
    new KernelError(`"${asked}" failed: ${text === "" ? remedy : `${text}; ${remedy}`}`, text);
  if (code === "ENOENT") return failed("the program is not there; install it (ip: iproute2)");
  if (killed === true) {
    return failed(`no answer after ${timeoutMilliseconds / 1000} s; is ${on} up?`);
  }
  if (/not permitted|ermission denied/.test(text)) {
    return failed(`routes of ${on} need root: run as root, or put the route there by hand first`);
  }
  if (text.startsWith("nsenter: cannot open")) {
    return failed("start what makes this network namespace, or name another vantage");
  }
  return failed(`see "ip route" on ${on}`);
}
