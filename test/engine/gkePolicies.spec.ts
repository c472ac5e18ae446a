import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";
import { parse, stringify } from "yaml";

import type { Unsafe } from "./gkeProgram/index.ts";
import { newStackOf } from "./support/fixture.ts";
import type { Stack } from "./support/stack.ts";

const root = path.join(import.meta.dirname, "..", "..");
const pack = path.join(root, "policies");

/** Several unsafe settings that one preview reports, each with the rule and words of its message. */
interface Group extends Unsafe {
  readonly name: string;
  /** Keys of `provenet:cluster` that differ from the gke stack's. */
  readonly settings?: object;
  /** Further rules that the objects violate outside Google Cloud too. */
  readonly also?: readonly string[];
  readonly findings: readonly (readonly [what: string, rule: string, message: string])[];
}

const cluster = "gcp:container/cluster:Cluster";
const pool = "gcp:container/nodePool:NodePool";
const subnetwork = "gcp:compute/subnetwork:Subnetwork";

const object = (apiVersion: string, kind: string, more: object) => ({
  ...{ apiVersion, kind, metadata: { name: "unsafe", namespace: "default" } },
  ...more,
});

const groups: readonly Group[] = [
  {
    name: "the control plane",
    settings: { deletionProtection: false },
    changes: {
      [cluster]: {
        privateClusterConfig: { enablePrivateEndpoint: false },
        masterAuthorizedNetworksConfig: {
          cidrBlocks: [{ cidrBlock: "0.0.0.0/1" }, { cidrBlock: "128.0.0.0/1" }],
        },
        masterAuth: { clientCertificateConfig: { issueClientCertificate: true } },
        enableLegacyAbac: true,
        enableShieldedNodes: false,
        releaseChannel: { channel: "UNSPECIFIED" },
        workloadIdentityConfig: null,
      },
    },
    findings: [
      [
        "a control plane that two halves of the internet reach",
        "gke-control-plane-is-not-public",
        "Fix: set the networks that you work from, such as 198.51.100.7/32",
      ],
      [
        "a client certificate",
        "gke-legacy-access-is-off",
        "masterAuth.clientCertificateConfig.issueClientCertificate is true. Fix: set false",
      ],
      [
        "attribute-based access",
        "gke-legacy-access-is-off",
        "enableLegacyAbac is true. Fix: set false",
      ],
      ["nodes without a shield", "gke-nodes-are-shielded", "Fix: set true, or remove it"],
      ["no release channel", "gke-follows-a-channel", "Fix: set REGULAR or STABLE"],
      ["no workload identity", "gke-has-workload-identity", "Fix: set PROJECT.svc.id.goog"],
    ],
  },
  {
    name: "the nodes",
    changes: {
      [pool]: {
        management: { autoUpgrade: false },
        nodeConfig: {
          serviceAccount: "default",
          shieldedInstanceConfig: { enableSecureBoot: false },
          workloadMetadataConfig: { mode: "GCE_METADATA" },
        },
      },
    },
    findings: [
      ["nodes without upgrades", "gke-follows-a-channel", "autoUpgrade is false. Fix: set true"],
      [
        "nodes with the project's default account",
        "gke-nodes-have-their-own-account",
        "Fix: set the email of an account",
      ],
      ["nodes without secure boot", "gke-nodes-are-shielded", "enableSecureBoot is false. Fix:"],
      ["the node's token for pods", "gke-has-workload-identity", "Fix: set GKE_METADATA"],
    ],
  },
  {
    name: "the network",
    changes: {
      [cluster]: { datapathProvider: "ADVANCED_DATAPATH" },
      [pool]: {
        nodeLocations: ["europe-west1-b"],
        networkConfig: { enablePrivateNodes: false },
      },
      [subnetwork]: {
        secondaryIpRanges: [
          { rangeName: "pods", ipCidrRange: "10.12.0.0/24" },
          { rangeName: "services", ipCidrRange: "10.12.0.0/20" },
        ],
      },
    },
    findings: [
      [
        "Calico's add-on on Dataplane V2",
        "gke-datapath-carries-the-policy",
        "Fix: remove it, or set datapathProvider to LEGACY_DATAPATH",
      ],
      ["one node", "gke-has-a-second-node", "may have only 1 node. Fix: set nodeCount"],
      ["public nodes", "gke-nodes-are-private", "enablePrivateNodes is false. Fix: set true"],
      [
        "ranges that overlap",
        "cluster-networks-do-not-overlap",
        "Fix: set a network that shares no address with it",
      ],
      ["a pod range for one node", "gke-ranges-fit-their-nodes", "Fix: widen it"],
    ],
  },
  {
    name: "the objects inside",
    also: ["pool-is-advertised", "published-address-is-proved", "service-names-its-pool"],
    changes: {
      [cluster]: { addonsConfig: { networkPolicyConfig: { disabled: true } } },
      "gcp:compute/firewall:Firewall": { disabled: true },
    },
    objects: {
      policy: object("networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: {} } }),
      "calico-pool": object("crd.projectcalico.org/v1", "IPPool", {
        spec: { cidr: "10.13.0.0/16" },
      }),
      "metallb-pool": object("metallb.io/v1beta1", "IPAddressPool", {
        spec: { addresses: ["203.0.113.0/28"] },
      }),
      service: object("v1", "Service", {
        spec: { ports: [{ port: 443, targetPort: 8443 }] },
      }),
      webhook: object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", {
        webhooks: [
          {
            name: "unsafe.example.com",
            clientConfig: { service: { name: "unsafe", namespace: "default" } },
          },
        ],
      }),
      balancer: object("v1", "Service", {
        metadata: { name: "balancer", namespace: "default" },
        spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
      }),
    },
    findings: [
      ["a policy that nothing enforces", "network-policy-has-an-enforcer", "Fix: set false"],
      ["a pool of Calico's", "calico-pool-has-effect", "Fix: remove it"],
      ["a pool of MetalLB's", "metallb-is-not-on-a-cloud", "Fix: remove it, and reserve"],
      [
        "a webhook behind the firewall",
        "private-gke-admits-its-webhooks",
        "Fix: add a gcp.compute.Firewall",
      ],
      ["a Service without a reserved address", "gke-service-names-its-address", "Fix: set"],
    ],
  },
];

/** The config of a stack file of the project. */
async function configOf(name: string): Promise<Record<string, object>> {
  const text = await readFile(path.join(root, `Pulumi.${name}.yaml`), "utf8");
  return (parse(text) as { config: Record<string, object> }).config;
}

async function configure({ configFile }: Stack, config: object): Promise<void> {
  const salt = parse(await readFile(configFile, "utf8")) as object;
  await writeFile(configFile, stringify({ ...salt, config }));
}

/** The violations of mandatory rules, each in one line that starts with the rule. */
function violationsIn(output: string): string[] {
  const [, ...sections] = output.split(/\[mandatory\]\s+(?:\[severity: \w+\]\s+)?/);
  return sections.map((section) => section.replace(/\s+/g, " "));
}

describe("the policy pack on the gke stack in the real engine", function () {
  this.timeout(600_000);
  let stack: Stack;

  before(async () => {
    const directory = path.join(import.meta.dirname, "gkeProgram");
    stack = await newStackOf({ name: "provenet", directory }, "gke-policies");
  });

  async function preview(
    { settings = {}, changes = {}, objects = {} }: Partial<Group>,
    ...more: readonly string[]
  ) {
    const config = await configOf("gke");
    const cluster = { ...config["provenet:cluster"], ...settings };
    const unsafe = { changes, objects };
    await configure(stack, { ...config, "provenet:cluster": cluster, "test:unsafe": unsafe });
    return stack.run(["preview", "--policy-pack", pack, ...more]);
  }

  it("accepts the whole program", async () => {
    const whole = await newStackOf({ name: "provenet", directory: root }, "gke");
    await configure(whole, await configOf("gke"));
    const { code, output } = await whole.run(["preview", "--policy-pack", pack]);
    expect(code, output).to.equal(0);
    expect(output).not.to.match(/\[(?:mandatory|advisory)\]/);
  });

  it("lets a cluster lose its protection, with a warning, because it cannot be deleted before", async () => {
    const { code, output } = await preview({ settings: { deletionProtection: false } });
    expect(code, output).to.equal(0);
    expect(output).to.match(/\[advisory\].*gke-cluster-is-protected/);
  });

  it("accepts the cluster as it is", async () => {
    const { code, output } = await preview({});
    expect(code, output).to.equal(0);
    expect(output).not.to.match(/\[(?:mandatory|advisory)\]/);
  });

  for (const { name, findings, also = [], ...unsafe } of groups) {
    describe(name, () => {
      let output: string;
      let violations: readonly string[];

      before(async () => {
        const result = await preview(unsafe);
        output = result.output;
        violations = violationsIn(output);
        expect(result.code, output).not.to.equal(0);
      });

      for (const [what, rule, message] of findings) {
        it(`refuses ${what}, with the fix`, () => {
          const found = violations.filter((each) => each.startsWith(`${rule} `)).join(" ");
          expect(found, output).to.contain(message);
        });
      }

      it("refuses nothing else", () => {
        const rules = violations.map((each) => each.split(" ")[0]);
        expect([...new Set(rules)].sort()).to.deep.equal(
          [...new Set([...findings.map(([, rule]) => rule), ...also])].sort(),
        );
      });
    });
  }
});
