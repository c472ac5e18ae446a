import { addressAt, parseAddress, parseNetwork, sizeOf } from "../../net/addresses.ts";
import { judge } from "./judge.ts";
import { Kernel, KernelError, ownProtocol } from "./kernel.ts";
import type { RouteRecord, RouteRequest } from "./request.ts";

/**
 * Puts the route there and proves by lookup that the kernel uses it for the first and the last
 * address of the network. A route that is there already stays as it is, and somebody else's.
 *
 * @throws Error with every reason why the route could not do its work; nothing is changed then.
 */
export async function addRoute(request: RouteRequest): Promise<RouteRecord> {
  const { on, to, via } = request;
  const kernel = new Kernel(on, parseNetwork(to).family);
  const judgement = judge(request, await kernel.table(), await kernel.ownAddresses());
  if (judgement.state === "refused") {
    const reasons = judgement.reasons.map((reason) => `\n  ${reason}`).join("");
    throw new Error(`the route to ${to} via ${via} on ${on} cannot work:${reasons}`);
  }
  if (judgement.state === "absent") await kernel.add(request);
  try {
    const device = await prove(kernel, request);
    // One with our mark is left over from a run that did not come to record it.
    const added = judgement.state === "absent" || judgement.route.protocol === ownProtocol;
    return { schemaVersion: 1, on, to, via, added, device };
  } catch (error) {
    if (judgement.state === "absent") await kernel.remove(request);
    throw error;
  }
}

/** Removes what the record says was added, and nothing else. */
export async function removeRoute(record: RouteRecord | undefined): Promise<void> {
  if (record?.added !== true) return;
  await new Kernel(record.on, parseNetwork(record.to).family).remove(record);
}

/** Takes the old route away, unless it is the one asked for, and puts the new one there. */
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
  // The last address of an IPv4 network is its broadcast; IPv6 has none.
  return [addressAt(block, 1), addressAt(block, size - (block.family === 4 ? 2n : 1n))];
}

function sameAddress(a: string, b: string): boolean {
  return parseAddress(a).first === parseAddress(b).first;
}

async function prove(kernel: Kernel, { on, to, via }: RouteRequest): Promise<string> {
  let device = "";
  for (const address of new Set(usableEnds(to))) {
    const found = await kernel.lookup(address).catch((error: unknown) => {
      if (error instanceof KernelError) return { gateway: undefined, device: error.text };
      throw error;
    });
    if (found.gateway === undefined || !sameAddress(found.gateway, via)) {
      const instead = found.gateway ?? `no gateway (${found.device ?? "no interface"})`;
      throw new Error(
        `asked where ${on} sends packets to ${address}, the answer was ${instead}, not ${via}; ` +
          `look for a rule that goes before the main table with "ip rule" and "ip route show table all"`,
      );
    }
    device = found.device ?? device;
  }
  return device;
}
