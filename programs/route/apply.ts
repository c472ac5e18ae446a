import { UserError } from "../../messages/errors.ts";
import { addressAt, parseAddress, parseNetwork, sizeOf } from "../../net/addresses.ts";
import { judge } from "./judge.ts";
import { Kernel, ownProtocol } from "./kernel.ts";
import type { RouteRecord, RouteRequest } from "./request.ts";

/**
 * Adds the route, and proves by lookup that the kernel uses it for the first and the last address of
 * the network. An existing route stays as it is.
 *
 * @throws UserError with every reason why the route cannot work. Nothing is changed then.
 */
export async function addRoute(request: RouteRequest): Promise<RouteRecord> {
  const { on, to, via } = request;
  const kernel = new Kernel(on, parseNetwork(to).family);
  const judgement = judge(request, await kernel.table(), await kernel.ownAddresses());
  if (judgement.state === "refused") {
    const reasons = judgement.reasons.map((reason) => `\n  ${reason}`).join("");
    throw new UserError(
      `the route to ${to} via ${via} on ${on} cannot work:${reasons}`,
      "do what each line says, then run up again",
    );
  }
  if (judgement.state === "absent") await kernel.add(request);
  try {
    const device = await prove(kernel, request);
    // A route with this program's protocol is left over from an interrupted run.
    const added = judgement.state === "absent" || judgement.route.protocol === ownProtocol;
    return { schemaVersion: 1, on, to, via, added, device };
  } catch (error) {
    if (judgement.state === "absent") await kernel.remove(request);
    throw error;
  }
}

/** Removes the route if the record says that this program added it. */
export async function removeRoute(record: RouteRecord | undefined): Promise<void> {
  if (record?.added !== true) return;
  await new Kernel(record.on, parseNetwork(record.to).family).remove(record);
}

/** Replaces the old route by the requested one. */
export async function changeRoute(
  old: RouteRecord | undefined,
  request: RouteRequest,
): Promise<RouteRecord> {
  const same = old?.on === request.on && old.to === request.to && old.via === request.via;
  if (!same) await removeRoute(old);
  return addRoute(request);
}

/** First and last address of a network that a host can have. */
export function usableEnds(network: string): [string, string] {
  const block = parseNetwork(network);
  const size = sizeOf(block);
  if (size <= 2n) return [addressAt(block, 0), addressAt(block, size - 1n)];
  // The last address of an IPv4 network is its broadcast. IPv6 has none.
  return [addressAt(block, 1), addressAt(block, size - (block.family === 4 ? 2n : 1n))];
}

function sameAddress(a: string, b: string): boolean {
  return parseAddress(a).first === parseAddress(b).first;
}

async function prove(kernel: Kernel, { on, to, via }: RouteRequest): Promise<string> {
  let device = "";
  for (const address of new Set(usableEnds(to))) {
    const way = await kernel.lookup(address);
    const gateway = "refused" in way ? undefined : way.gateway;
    if (gateway === undefined || !sameAddress(gateway, via)) {
      const reason = "refused" in way ? way.refused : (way.device ?? "no interface");
      throw new UserError(
        `${on} sends packets to ${address} to ${gateway ?? `no gateway (${reason})`}, not to ${via}`,
        "look for a rule before the main table with `ip rule` and `ip route show table all`",
      );
    }
    device = ("device" in way ? way.device : undefined) ?? device;
  }
  return device;
}
