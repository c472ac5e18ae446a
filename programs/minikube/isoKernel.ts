/** The kernel of minikube's ISO, which the nodes of every driver with virtual machines boot. Pure. */
import type { KernelFinding, KernelFindings } from "../../kube/kernel.ts";

/** Releases whose ISOs differ, newest first. Read in the kernel configurations of minikube's tags. */
const releases = [
  { since: [1, 39], nftables: true },
  { since: [1, 33], nftables: false },
] as const;

/**
 * What the ISO of a minikube release can do. Undefined for a release that is older than the table.
 *
 * @param version such as `v1.38.1`
 * @param architecture Node's name of the machine's processor architecture
 */
export function isoFindings(
  version: string,
  architecture: string = process.arch,
): KernelFindings | undefined {
  const [, major = 0, minor = 0] = (/v?(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  const found = releases.find(
    ({ since: [first, second] }) => major > first || (major === first && minor >= second),
  );
  if (found === undefined) return undefined;
  const source = `the ISO of minikube ${version}`;
  const is = (has: boolean): KernelFinding => ({ answer: has ? "yes" : "no", source });
  return {
    ipvs: is(true),
    ipip: is(architecture === "x64"),
    vxlan: is(true),
    nftables: is(found.nftables),
    logLines: is(true),
  };
}
