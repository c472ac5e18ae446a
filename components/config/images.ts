/** The reference of each container image: `name:tag@sha256:…`, or `provenet.lab/name:tag` in the lab. */
export interface Images {
  readonly calicoNode: string;
  readonly calicoCni: string;
  readonly calicoKubeControllers: string;
  readonly metallbController: string;
  readonly metallbSpeaker: string;
  readonly ingressController: string;
  /** A web server that listens on 8000 without root. */
  readonly web: string;
}

/** Where images come from: `upstream` is their publishers, `lab` builds them. */
export type ImageSource = "upstream" | "lab";

/** Processor architecture of the nodes. */
export type Architecture = "amd64" | "arm64";

interface ImageEntry {
  /** Pinned by digest. There is one for each architecture where the index has no known digest. */
  readonly upstream: string | Readonly<Record<Architecture, string>>;
  /** Built by the lab and loaded into its nodes. */
  readonly lab: string;
}

/**
 * The table of images.
 *
 * A digest fixes what is pulled, even if the tag moves later. Each digest comes from a public source
 * that lists it with name and tag. An index digest serves every architecture.
 */
const table: { readonly [Name in keyof Images]: ImageEntry } = {
  // Calico 3.31.3. Platform digests, as projects that test on kind pin them.
  calicoNode: {
    upstream: {
      amd64:
        "docker.io/calico/node:v3.31.3@sha256:8e8d25f4d0bf0f1ed4e7ce864d789ea948830c1c4377994fa4032d3093095295",
      arm64:
        "docker.io/calico/node:v3.31.3@sha256:073583422aca8b318ec00e966fa780972ceee3ff58c1d4b3c17e692d8ee605bb",
    },
    lab: "provenet.lab/calico-node:v3.31.0",
  },
  calicoCni: {
    upstream: {
      amd64:
        "docker.io/calico/cni:v3.31.3@sha256:08b508bec6b7cc2fd35d7ad340f28ff265f7589feacd217a56ccc6aa0cd98634",
      arm64:
        "docker.io/calico/cni:v3.31.3@sha256:3e5aa85177e15b92550e321b079ee89e3f202bc84cbab398e0b12c42eefc564f",
    },
    lab: "provenet.lab/calico-cni:v3.31.0",
  },
  calicoKubeControllers: {
    upstream: {
      amd64:
        "docker.io/calico/kube-controllers:v3.31.3@sha256:65a824efe37bad955e45a9a37492d8db862f6b7c99bc58ac99cf18915a23ee26",
      arm64:
        "docker.io/calico/kube-controllers:v3.31.3@sha256:49f455efc2e65a7b3d8f1c283ff12641f93c01c989c587029464eb953d0a0f96",
    },
    lab: "provenet.lab/calico-kube-controllers:v3.31.0",
  },
  // MetalLB 0.16.1. Index digests, as several public image lists pin them.
  metallbController: {
    upstream:
      "quay.io/metallb/controller:v0.16.1@sha256:f51ab515de9ccd20dc3dccb093e48df8adddac019326c456f449e55ba91b6420",
    lab: "provenet.lab/metallb-controller:v0.16.1",
  },
  metallbSpeaker: {
    upstream:
      "quay.io/metallb/speaker:v0.16.1@sha256:16561e96531e1852d5c229ad7fae6e994dcfa983ff7f4de6b6208b34a4e2ddbc",
    lab: "provenet.lab/metallb-speaker:v0.16.1",
  },
  // ingress-nginx 1.15.1, its last release. Index digest from its own manifests.
  ingressController: {
    upstream:
      "registry.k8s.io/ingress-nginx/controller:v1.15.1@sha256:594ceea76b01c592858f803f9ff4d2cb40542cae2060410b2c95f75907d659e1",
    lab: "provenet.lab/ingress-nginx-controller:v1.11.0",
  },
  // Index digest, as many public Dockerfiles pin it.
  web: {
    upstream:
      "docker.io/nginxinc/nginx-unprivileged:1.27.5-alpine@sha256:65e3e85dbaed8ba248841d9d58a899b6197106c23cb0ff1a132b7bfe0547e4c0",
    lab: "provenet.lab/web:1.22",
  },
};

/** The names in the table, which overrides use. */
export const imageNames = Object.keys(table) as readonly (keyof Images)[];

type Overrides = Readonly<Partial<Record<keyof Images, string | undefined>>>;

/** Whether one of these images runs on a single architecture. */
export function dependOnArchitecture(
  names: readonly (keyof Images)[],
  source: ImageSource,
  overrides: Overrides,
): boolean {
  return (
    source === "upstream" &&
    names.some((name) => overrides[name] === undefined && typeof table[name].upstream !== "string")
  );
}

/** The images of a source. Overrides replace single ones. */
export function selectImages(
  source: ImageSource,
  architecture: Architecture,
  overrides: Overrides = {},
): Images {
  const select = (name: keyof Images): string => {
    const { upstream, lab } = table[name];
    if (source === "lab") return overrides[name] ?? lab;
    return overrides[name] ?? (typeof upstream === "string" ? upstream : upstream[architecture]);
  };
  return {
    calicoNode: select("calicoNode"),
    calicoCni: select("calicoCni"),
    calicoKubeControllers: select("calicoKubeControllers"),
    metallbController: select("metallbController"),
    metallbSpeaker: select("metallbSpeaker"),
    ingressController: select("ingressController"),
    web: select("web"),
  };
}
