import { AddressError, parseNetwork } from "../../../net/addresses.ts";
import type { Fault } from "../../../messages/faults.ts";

/** How packets between pods of two nodes travel. */
export type Encapsulation = "VXLAN" | "VXLANCrossSubnet";

/** Addresses in the block that each node draws its pods' addresses from: 2 ** (32 - 26) = 64. */
export const blockPrefix = 26;

/** Spec of the one address pool of all pods. Every field that Calico would fill in is written out. */
export function poolSpec(podNetwork: string, encapsulation: Encapsulation): object {
  return {
    cidr: podNetwork,
    blockSize: blockPrefix,
    ipipMode: "Never",
    vxlanMode: encapsulation === "VXLAN" ? "Always" : "CrossSubnet",
    natOutgoing: true,
    disabled: false,
    nodeSelector: "all()",
    allowedUses: ["Workload", "Tunnel"],
  };
}

/** Faults of a pod network: no IPv4 network, or too small for a block. */
export function faultsInPodNetwork(propertyPath: string, podNetwork: string): Fault[] {
  try {
    const { family } = parseNetwork(podNetwork);
    const prefix = Number(podNetwork.split("/")[1]);
    if (family === 6) {
      const reason = `"${podNetwork}" is IPv6; write an IPv4 network such as 10.244.0.0/16`;
      return [{ propertyPath, reason }];
    }
    if (prefix > blockPrefix) {
      const reason =
        `"${podNetwork}" is smaller than one node's block of addresses (/${blockPrefix}); ` +
        `write a larger network such as 10.244.0.0/16`;
      return [{ propertyPath, reason }];
    }
    return [];
  } catch (error) {
    if (error instanceof AddressError) return [{ propertyPath, reason: error.message }];
    throw error;
  }
}
