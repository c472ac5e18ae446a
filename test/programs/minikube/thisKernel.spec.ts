import { expect } from "chai";

import type { KernelFindings } from "../../../kube/kernel.ts";
import { findingsIn, runningKernel } from "../../../programs/minikube/thisKernel.ts";

const release = "6.1.0-18-amd64";
const nft = ["NF_TABLES", "NFT_CT", "NFT_FIB", "NFT_MASQ", "NFT_NAT", "NFT_NUMGEN"];
const builtIn = (...options: string[]) => options.map((option) => `CONFIG_${option}=y\n`).join("");
const everything = builtIn("IP_VS", "NET_IPIP", "VXLAN", "NETFILTER_XT_TARGET_LOG", ...nft);
const logging = { "/proc/sys/net/netfilter/nf_log_all_netns": "1\n" };

const find = (files: Readonly<Record<string, string>>, kernel = release): KernelFindings =>
  findingsIn({
    release: kernel,
    read: (path) => files[path],
    exists: (path) => path in files,
  });

const module = (name: string) => `kernel/net/x/${name}.ko.xz: kernel/lib/crc.ko.xz\n`;

describe("what a kernel can do", () => {
  it("is what its configuration has built in", () => {
    const found = find({ "/proc/config.gz": everything, ...logging });
    for (const [ability, { answer }] of Object.entries(found)) {
      expect(answer, ability).to.equal("yes");
    }
    expect(found.ipvs.source).to.equal("/proc/config.gz has CONFIG_IP_VS");
  });

  it("is not what its configuration leaves out, wherever the modules are", () => {
    const { ipvs, ipip, vxlan } = find({
      [`/boot/config-${release}`]: "# CONFIG_IP_VS is not set\nCONFIG_VXLAN=y\n",
      [`/lib/modules/${release}/modules.dep`]: module("ip_vs"),
    });
    expect(ipvs).to.deep.equal({
      answer: "no",
      source: `/boot/config-${release} has no CONFIG_IP_VS`,
    });
    expect(ipip.answer).to.equal("no");
    expect(vxlan.answer).to.equal("yes");
  });

  it("is not what only a longer option has", () => {
    const { ipvs } = find({ "/proc/config.gz": "CONFIG_IP_VS_DEBUG=y\nCONFIG_VXLAN=y\n" });
    expect(ipvs.answer).to.equal("no");
  });

  const modular = { "/proc/config.gz": "CONFIG_IP_VS=m\n" };
  const dep = `/lib/modules/${release}/modules.dep`;
  for (const [what, files, answer] of [
    ["whose file is there", { ...modular, [dep]: module("ip_vs") }, "yes"],
    ["whose file is missing", { ...modular, [dep]: module("ip_vs_rr") }, "no"],
    ["when no list of modules is there, as in a container", modular, "unknown"],
    ["without a configuration, whose file is there", { [dep]: module("ip_vs") }, "yes"],
    ["without a configuration, whose file is missing", { [dep]: module("vxlan") }, "no"],
    ["that is loaded, whatever the files say", { "/sys/module/ip_vs": "" }, "yes"],
    ["about which no file says anything", {}, "unknown"],
  ] as const) {
    it(`has IPVS "${answer}" as a module ${what}`, () => {
      expect(find(files).ipvs.answer).to.equal(answer);
    });
  }

  it("counts modules that are built in", () => {
    const { vxlan } = find({
      [`/lib/modules/${release}/modules.builtin`]: "kernel/drivers/net/vxlan/vxlan.ko\n",
    });
    expect(vxlan).to.deep.equal({ answer: "yes", source: `/lib/modules/${release} lists vxlan` });
  });

  for (const option of nft) {
    it(`has no nftables mode without ${option}`, () => {
      const config = everything.replace(`CONFIG_${option}=y\n`, "");
      expect(find({ "/proc/config.gz": config }).nftables).to.deep.equal({
        answer: "no",
        source: `/proc/config.gz has no CONFIG_${option}`,
      });
    });
  }

  for (const [kernel, answer] of [
    ["5.12.19", "no"],
    ["5.13.0-52-generic", "yes"],
    ["6.6.95", "yes"],
    ["4.19.0", "no"],
  ] as const) {
    it(`has nftables mode "${answer}" in Linux ${kernel}`, () => {
      expect(find({ "/proc/config.gz": everything }, kernel).nftables.answer).to.equal(answer);
    });
  }

  for (const [what, files, answer] of [
    ["is on", logging, "yes"],
    ["is off", { "/proc/sys/net/netfilter/nf_log_all_netns": "0\n" }, "no"],
    ["cannot be read", {}, "unknown"],
  ] as const) {
    it(`shows a container's LOG lines "${answer}" when the sysctl ${what}`, () => {
      const { logLines } = find({ "/proc/config.gz": everything, ...files });
      expect(logLines.answer).to.equal(answer);
    });
  }

  it("shows no LOG lines without the LOG target", () => {
    const config = everything.replace("CONFIG_NETFILTER_XT_TARGET_LOG=y", "");
    expect(find({ "/proc/config.gz": config, ...logging }).logLines.answer).to.equal("no");
  });

  it("can be read on this machine, each answer with its source", () => {
    for (const { source } of Object.values(findingsIn(runningKernel))) {
      expect(source).to.match(/\w/);
    }
  });
});
