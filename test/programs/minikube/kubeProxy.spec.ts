import { expect } from "chai";
import { parse } from "yaml";

import type { KubernetesApi } from "../../../kube/api.ts";
import { configureKubeProxy, withIpvs } from "../../../programs/minikube/kubeProxy.ts";
import type { MinikubeRequest } from "../../../programs/minikube/request.ts";
import { onlyGetAndPatch } from "../../support/api.ts";

/** As kubeadm writes it, shortened. */
const written = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
bindAddress: 0.0.0.0
clusterCIDR: 10.244.0.0/16
ipvs:
  excludeCIDRs: null
  minSyncPeriod: 0s
  scheduler: ""
  strictARP: false
kind: KubeProxyConfiguration
mode: ipvs
`;

interface Cluster {
  readonly api: KubernetesApi;
  readonly patches: string[];
  /** What kubeadm's addon phase does when minikube restarts a control plane. */
  replaceConfig: () => void;
  readonly config: () => { ipvs?: Record<string, unknown>; clusterCIDR?: string };
  failNext: (path: string) => void;
}

/** A pretended API server with kube-proxy's ConfigMap and DaemonSet. */
function clusterWith(text: string | undefined): Cluster {
  const patches: string[] = [];
  let [document, version, annotations] = [text, 1, {} as Record<string, string>];
  let failing = "";
  const answer = (path: string): unknown => {
    if (document === undefined) return undefined;
    if (path.endsWith("/configmaps/kube-proxy")) {
      const data = { "config.conf": document, "kubeconfig.conf": "untouched" };
      return { metadata: { resourceVersion: String(version) }, data };
    }
    if (!path.endsWith("/daemonsets/kube-proxy")) throw new Error(`nothing at ${path}`);
    return { spec: { template: { metadata: { annotations } } } };
  };
  const api = {
    ...onlyGetAndPatch,
    get: (path, schema) => {
      const found = answer(path);
      return Promise.resolve(found === undefined ? undefined : schema.parse(found));
    },
    run: () => Promise.reject(new Error("no pods")),
    patch: (path, patch) => {
      const kind = path.split("/").at(-2) ?? "";
      if (kind === failing) {
        failing = "";
        return Promise.reject(new Error("killed"));
      }
      patches.push(kind);
      if (kind === "configmaps") {
        const { data } = patch as { data: Record<string, string> };
        expect(data).to.have.all.keys("config.conf");
        document = data["config.conf"];
        version += 1;
      } else {
        const { spec } = patch as {
          spec: { template: { metadata: { annotations: Record<string, string> } } };
        };
        annotations = { ...annotations, ...spec.template.metadata.annotations };
      }
      return Promise.resolve();
    },
    waitUntilReady: () => Promise.resolve(),
  } as KubernetesApi;
  return {
    api,
    patches,
    replaceConfig: () => {
      [document, version, annotations] = [text, version + 1, {}];
    },
    config: () => parse(document ?? "") as ReturnType<Cluster["config"]>,
    failNext: (kind) => {
      failing = kind;
    },
  };
}

const ipvs = { mode: "ipvs", scheduler: "sed" } as const;
const configure = (
  { api }: Cluster,
  kubeProxy: MinikubeRequest["kubeProxy"] = ipvs,
  said: string[] = [],
) => configureKubeProxy({ kubeProxy }, api, (line) => said.push(line));

describe("kube-proxy in IPVS mode", () => {
  it("gets strictARP and the scheduler, and is restarted", async () => {
    const cluster = clusterWith(written);
    const said: string[] = [];
    await configure(cluster, ipvs, said);
    expect(cluster.config()).to.deep.include({ clusterCIDR: "10.244.0.0/16" });
    expect(cluster.config().ipvs).to.deep.equal({
      excludeCIDRs: null,
      minSyncPeriod: "0s",
      scheduler: "sed",
      strictARP: true,
    });
    expect(cluster.patches).to.deep.equal(["configmaps", "daemonsets"]);
    expect(said).to.deep.equal(["restarting kube-proxy with strictARP and the scheduler sed"]);
  });

  it("is left alone when nothing changed", async () => {
    const cluster = clusterWith(written);
    await configure(cluster);
    await configure(cluster);
    expect(cluster.patches).to.deep.equal(["configmaps", "daemonsets"]);
  });

  it("is restarted with another scheduler", async () => {
    const cluster = clusterWith(written);
    await configure(cluster);
    await configure(cluster, { mode: "ipvs", scheduler: "rr" });
    expect(cluster.config().ipvs).to.include({ scheduler: "rr", strictARP: true });
    expect(cluster.patches).to.have.length(4);
  });

  it("gets both again after kubeadm has replaced its configuration", async () => {
    const cluster = clusterWith(written);
    await configure(cluster);
    cluster.replaceConfig();
    await configure(cluster);
    expect(cluster.config().ipvs).to.include({ strictARP: true });
    expect(cluster.patches).to.have.length(4);
  });

  it("is restarted by the next run when the first was killed in between", async () => {
    const cluster = clusterWith(written);
    cluster.failNext("daemonsets");
    const first = await configure(cluster).catch((error: unknown) => error);
    expect(first).to.be.instanceOf(Error);
    await configure(cluster);
    expect(cluster.patches).to.deep.equal(["configmaps", "daemonsets"]);
  });

  it("must exist", async () => {
    const error: unknown = await configure(clusterWith(undefined)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error)
      .to.have.property("message")
      .that.matches(/has no .*configmaps\/kube-proxy/);
    expect(error).to.have.property("name", "CouldNotAsk");
  });

  it("keeps its text when both are set", () => {
    const once = withIpvs(written, "lc");
    expect(withIpvs(once, "lc")).to.equal(once);
    expect(parse(withIpvs("mode: ipvs\n", "lc"))).to.deep.equal({
      mode: "ipvs",
      ipvs: { strictARP: true, scheduler: "lc" },
    });
  });
});

describe("kube-proxy in another mode", () => {
  for (const mode of ["iptables", "nftables"] as const) {
    it(`is not touched in mode ${mode}`, async () => {
      const cluster = clusterWith(written);
      await configure(cluster, { mode });
      expect(cluster.patches).to.deep.equal([]);
    });
  }
});
