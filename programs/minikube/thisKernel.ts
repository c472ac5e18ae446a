/** What the kernel of this machine can do. Only reads files. */
import { existsSync, readFileSync, readlinkSync } from "node:fs";
import { release } from "node:os";
import { gunzipSync } from "node:zlib";

import { execaSync } from "execa";

import type { KernelFinding, KernelFindings } from "../../kube/kernel.ts";

/** The files that tell what a kernel can do. */
export interface KernelFiles {
  /** Such as `6.6.95` or `6.1.0-18-amd64`. */
  readonly release: string;
  /** Content of a text file. Undefined when it cannot be read. */
  readonly read: (path: string) => string | undefined;
  readonly exists: (path: string) => boolean;
}

/** A kernel option without `CONFIG_`, and the module that it builds. */
type Feature = readonly [option: string, module: string];

/** The features that each answer needs. kube-proxy's rules use all of those of nftables. */
const features = {
  ipvs: [["IP_VS", "ip_vs"]],
  ipip: [["NET_IPIP", "ipip"]],
  vxlan: [["VXLAN", "vxlan"]],
  nftables: [
    ["NF_TABLES", "nf_tables"],
    ["NFT_CT", "nft_ct"],
    ["NFT_FIB", "nft_fib"],
    ["NFT_MASQ", "nft_masq"],
    ["NFT_NAT", "nft_nat"],
    ["NFT_NUMGEN", "nft_numgen"],
  ],
  logLines: [["NETFILTER_XT_TARGET_LOG", "xt_LOG"]],
} as const satisfies Record<keyof KernelFindings, readonly Feature[]>;

/** Only the machine's first network namespace has this file. */
const logAllNamespaces = "/proc/sys/net/netfilter/nf_log_all_netns";

/** The files of the running kernel. */
export const runningKernel: KernelFiles = {
  release: release(),
  read: readText,
  exists: existsSync,
};

/** What a kernel can do for nodes that are containers, such as minikube's with the Docker driver. */
export function findingsIn(files: KernelFiles): KernelFindings {
  const config = readConfig(files);
  const modules = readModules(files);
  const all = (ability: keyof typeof features): KernelFinding =>
    weakest(features[ability].map((feature) => findFeature(files, feature, config, modules)));
  return {
    ipvs: all("ipvs"),
    ipip: all("ipip"),
    vxlan: all("vxlan"),
    nftables: weakest([all("nftables"), oldEnough(files.release)]),
    logLines: weakest([all("logLines"), logsOfNamespaces(files)]),
  };
}

interface Source {
  readonly path: string;
  readonly text: string;
}

function findFeature(
  { exists }: KernelFiles,
  [option, module]: Feature,
  config: Source | undefined,
  modules: Source,
): KernelFinding {
  if (exists(`/sys/module/${module}`)) {
    return { answer: "yes", source: `/sys/module/${module} exists` };
  }
  const value = new RegExp(`^CONFIG_${option}=([ym])$`, "m").exec(config?.text ?? "")?.[1];
  if (config !== undefined && value !== "m") {
    const said = `${config.path} has ${value === undefined ? "no " : ""}CONFIG_${option}`;
    return { answer: value === undefined ? "no" : "yes", source: said };
  }
  // A container may see the machine's configuration without its modules.
  if (modules.text === "") {
    const said = value === "m" ? `CONFIG_${option}=m, but ` : "";
    return { answer: "unknown", source: `${said}${modules.path} has no list of modules` };
  }
  const has = new RegExp(`/${module}\\.ko`).test(modules.text);
  return {
    answer: has ? "yes" : "no",
    source: `${modules.path} lists ${has ? "" : "no "}${module}`,
  };
}

/** The first finding that is no, else the first unknown one, else the first. */
function weakest(findings: readonly KernelFinding[]): KernelFinding {
  const found = (answer: string) => findings.find((finding) => finding.answer === answer);
  return found("no") ?? found("unknown") ?? (findings[0] as KernelFinding);
}

function readConfig({ read, release }: KernelFiles): Source | undefined {
  for (const path of ["/proc/config.gz", `/boot/config-${release}`]) {
    const text = read(path);
    if (text?.includes("CONFIG_") === true) return { path, text };
  }
  return undefined;
}

function readModules({ read, release }: KernelFiles): Source {
  const path = `/lib/modules/${release}`;
  const lists = ["modules.builtin", "modules.dep"].map((list) => read(`${path}/${list}`) ?? "");
  return { path, text: lists.join("\n").trim() };
}

/** kube-proxy's nftables mode needs 5.13. */
function oldEnough(release: string): KernelFinding {
  const [major = 0, minor = 0] = release.split(".").map((part) => Number.parseInt(part, 10));
  const enough = major > 5 || (major === 5 && minor >= 13);
  return {
    answer: enough ? "yes" : "no",
    source: `it is Linux ${release}, and nftables mode needs 5.13 or later`,
  };
}

/** A container's LOG rules write to the kernel log only with a sysctl of the first namespace. */
function logsOfNamespaces({ read }: KernelFiles): KernelFinding {
  const value = read(logAllNamespaces)?.trim();
  if (value === undefined) {
    return { answer: "unknown", source: "net.netfilter.nf_log_all_netns is invisible from here" };
  }
  return {
    answer: value === "1" ? "yes" : "no",
    source: `net.netfilter.nf_log_all_netns is ${value}`,
  };
}

function readText(path: string): string | undefined {
  try {
    const content = readFileSync(path);
    return (path.endsWith(".gz") ? gunzipSync(content) : content).toString("utf8");
  } catch {
    return path === logAllNamespaces ? readInFirstNamespace(path) : undefined;
  }
}

/**
 * The lab's client is a network namespace. A parent process may be outside, and root may look at the
 * file from there.
 */
function readInFirstNamespace(path: string): string | undefined {
  const outside = parents().find((id) => namespaceOf(id) !== namespaceOf("self"));
  if (outside === undefined || process.getuid?.() !== 0) return undefined;
  const enter = [`--net=/proc/${outside}/ns/net`, "--", "cat", path];
  const options = { reject: false, timeout: 2000, stdin: "ignore" } as const;
  const { exitCode, stdout } = execaSync("nsenter", enter, options);
  return exitCode === 0 ? stdout : undefined;
}

/** The ids of the parent processes, the nearest first. */
function parents(): string[] {
  const found: string[] = [];
  for (let id = "self"; ;) {
    const parent = /^PPid:\t(\d+)$/m.exec(readText(`/proc/${id}/status`) ?? "")?.[1];
    if (parent === undefined || parent === "0") return found;
    found.push(parent);
    id = parent;
  }
}

/** The identity of a process's network namespace. Another user's processes are taken to share it. */
function namespaceOf(id: string): string {
  try {
    return readlinkSync(`/proc/${id}/ns/net`);
  } catch {
    return id === "self" ? "" : namespaceOf("self");
  }
}
