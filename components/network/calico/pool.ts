import { type AddressBlock, formatBlock, sizeOf } from "../../../net/addresses.ts";
import type { Fault } from "../../../messages/faults.ts";

/** Each node draws its pods' addresses from blocks of 2 ** (32 - 26) = 64 addresses. */
const blockPrefix = 26;

/** Spec of the address pool of all pods. It states every field that Calico would default. */
export function poolSpec(podNetwork: AddressBlock): object {
  return {
    cidr: formatBlock(podNetwork),
    blockSize: blockPrefix,
    ipipMode: "Never",
    vxlanMode: "Always",
    natOutgoing: true,
    disabled: false,
    nodeSelector: "all()",
    allowedUses: ["Workload", "Tunnel"],
  };
}

/** Faults of a pod network: it is IPv6, or smaller than one node's block. */
export function faultsInPodNetwork(propertyPath: string, podNetwork: AddressBlock): Fault[] {
  const { text, family } = podNetwork;
  const example = "write an IPv4 network such as 10.244.0.0/16";
  if (family === 6) return [{ propertyPath, reason: `"${text}" is IPv6; ${example}` }];
  if (sizeOf(podNetwork) >= 1n << BigInt(32 - blockPrefix)) return [];
  const reason = `"${text}" is smaller than one node's block of addresses (/${blockPrefix}); ${example}`;
  return [{ propertyPath, reason }];
}
