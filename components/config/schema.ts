/** The shape of each configuration key; what its values mean to one another is in `networkFaults.ts`. */
import { z } from "zod";

const text = (example: string) =>
  z.string({ error: `write a text, for example ${example}` }).min(1, {
    error: `write a text that is not empty, for example ${example}`,
  });

const integer = (min: number, max: number, example: number) => {
  const error = `write a whole number from ${min} to ${max}, for example ${example}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

const pattern = (shape: RegExp, what: string, example: string) =>
  text(example).regex(shape, { error: `write ${what}, for example ${example}` });

const choice = <const Options extends readonly [string, ...string[]]>(...options: Options) =>
  z.enum(options, { error: `write one of ${options.join(", ")}` });

/** Name of a Kubernetes object: a DNS label. */
const label = (example: string) =>
  pattern(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "small letters, digits and inner dashes, 63 at most",
    example,
  );

const networks = {
  nodeNetwork: text("192.168.49.0/24"),
  podNetwork: text("10.244.0.0/16"),
  serviceNetwork: text("10.96.0.0/12"),
};

const minikube = z.strictObject({
  kind: z.literal("minikube"),
  // minikube adds -m02 and so on for further nodes, and the host name may have 63 characters.
  profile: pattern(
    /^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$/,
    "small letters, digits and inner dashes, 50 at most",
    "provenet",
  ),
  nodes: integer(1, 9, 2).default(2),
  memoryMiB: integer(1800, 1048576, 3072).default(3072),
  cpus: integer(2, 256, 2).default(2),
  kubernetesVersion: pattern(/^v1\.\d{1,2}\.\d{1,2}$/, "a full version", "v1.34.2"),
  driver: choice("docker", "podman", "kvm2", "qemu2", "virtualbox", "vmware"),
  containerRuntime: choice("containerd", "cri-o", "docker").default("containerd"),
  ...networks,
  labels: z
    .record(
      pattern(
        /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/,
        "a label's key",
        "topology.kubernetes.io/zone",
      ),
      z.array(pattern(/^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)$/, "a label's value", "zone-a"), {
        error: "write one value for each node, for example [zone-a, zone-b]",
      }),
      { error: "write a map, for example { topology.kubernetes.io/zone: [zone-a, zone-b] }" },
    )
    .default({}),
});

const existing = z.strictObject({
  kind: z.literal("existing"),
  kubeconfigFile: text("/home/me/.kube/config"),
  ...networks,
  installCalico: z.boolean({ error: "write true or false" }).default(false),
});

const gke = z.strictObject({
  kind: z.literal("gke"),
  project: text("my-project"),
  location: text("europe-west1-b"),
  name: label("provenet"),
  nodes: integer(1, 100, 2).default(2),
  machineType: text("e2-standard-4").default("e2-standard-4"),
  ...networks,
});

/** Schema of each key below `provenet:`. */
export const schemas = {
  cluster: z.discriminatedUnion("kind", [minikube, existing, gke], {
    error: "write an object whose kind is minikube, existing or gke",
  }),
  imageSource: choice("upstream", "lab").default("upstream"),
  architecture: choice("amd64", "arm64").default("amd64"),
  images: z
    .record(z.string(), text("quay.io/calico/node:v3.31.3@sha256:…"), {
      error: "write a map, for example { web: name:tag@sha256:… }",
    })
    .default({}),
  definitionsDirectory: text(".provenet/definitions").default(".provenet/definitions"),
  pools: z
    .array(
      z.strictObject(
        {
          name: label("home"),
          addresses: z
            .array(text("192.168.49.200-192.168.49.239"), {
              error: 'write a list, for example ["192.168.49.200-192.168.49.239"]',
            })
            .min(1, { error: 'write at least one, for example ["192.168.49.200-192.168.49.239"]' }),
        },
        { error: strict("{ name: home, addresses: [192.168.49.200-192.168.49.239] }") },
      ),
      { error: "write a list of pools, for example [{ name: home, addresses: [192.0.2.0/28] }]" },
    )
    .min(1, {
      error: "write at least one pool, for example { name: home, addresses: [192.0.2.0/28] }",
    }),
  ingress: z.strictObject(
    { pool: label("home"), className: label("nginx").default("nginx") },
    { error: strict("{ pool: home, className: nginx }") },
  ),
  web: z.strictObject(
    {
      pool: label("home"),
      host: pattern(
        /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
        "a host name in small letters with a dot",
        "web.provenet.test",
      ),
      replicas: integer(1, 100, 2).default(2),
    },
    { error: strict("{ pool: home, host: web.provenet.test, replicas: 2 }") },
  ),
  routes: z
    .array(
      z.strictObject(
        {
          on: text("host"),
          to: text("192.168.49.0/24"),
          via: text("192.0.2.1"),
          since: z.string({ error: "write a text, or leave it out" }).default(""),
        },
        { error: strict("{ on: host, to: 192.168.49.0/24, via: 192.0.2.1 }") },
      ),
      { error: "write a list of routes, [] for none" },
    )
    .default([]),
  /** Empty for none: Pulumi asks for a value of every declared key that has no default. */
  router: z.string({ error: "write a vantage, for example netns:/run/netns/router" }).default(""),
} as const;

/** A key below `provenet:`. */
export type Key = keyof typeof schemas;

/** What each key holds once it is parsed. */
export type Parsed = { [Name in Key]: z.output<(typeof schemas)[Name]> };

/** Message for an object of the wrong type or with keys that it does not know. */
function strict(example: string) {
  return (issue: { code?: string; keys?: readonly string[] }): string =>
    issue.code === "unrecognized_keys"
      ? `does not know ${(issue.keys ?? []).join(", ")}; write for example ${example}`
      : `write an object, for example ${example}`;
}
