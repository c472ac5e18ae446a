import { type Vantage, formatVantage } from "../../net/vantage.ts";
import type { AddressSource } from "../kubernetes/addresses.ts";
import type { CrdManifest } from "../kubernetes/crds.ts";
import { type Architecture, dependOnArchitecture, selectImages } from "./images.ts";
import type { Machine } from "./machine.ts";
import { assembleApps } from "./schema/apps.ts";
import type { ClusterSettings } from "./schema/cluster.ts";
import type { CloudValues, Values } from "./schema/schemas.ts";

/** The CRDs that the network stage applies. */
export interface Crds {
  readonly calico: readonly CrdManifest[];
  readonly metalLb: readonly CrdManifest[];
}

const calicoImages = ["calicoNode", "calicoCni", "calicoKubeControllers"] as const;

/** An existing cluster with the architecture of Calico's images, where it gets them. */
function withArchitecture(
  cluster: ClusterSettings,
  architecture: Architecture | undefined,
): ClusterSettings {
  if (cluster.kind !== "existing" || !cluster.installCalico) return cluster;
  return architecture === undefined ? cluster : { ...cluster, architecture };
}

/** What the stages take, one entry for each. */
export type Settings = ReturnType<typeof assembleSettings>;

/**
 * The settings of values that have no fault. `values.client` includes what the machine knows.
 *
 * @throws Error when a route needs a router that is unset, which the cross checks refuse.
 */
export function assembleSettings(values: Values, machine: Machine, crds: Crds) {
  const { apps: configured, client } = values;
  // The lab's images are on this machine only.
  const usual = isCloud(values) ? "upstream" : (machine.imageSource ?? "upstream");
  const { source = usual, overrides } = values.images;
  // Only minikube's nodes are on this machine.
  const here = values.cluster.kind === "minikube" ? machine.architecture : undefined;
  const architecture = values.images.architecture ?? here ?? "amd64";
  const images = selectImages(source, architecture, overrides);
  const { className } = values.network.ingress;
  const { pools, routes } = isCloud(values) ? { pools: [], routes: [] } : values.network;
  const addressOf = addressesFor(values);
  const ingress = {
    image: images.ingressController,
    className,
    address: addressOf("ingress", values.network.ingress),
  };
  const apps = assembleApps(configured, images, className, addressOf);
  return {
    cluster: withArchitecture(
      clusterOf(values, [ingress, ...Object.values(apps)]),
      dependOnArchitecture(calicoImages, source, overrides) ? architecture : undefined,
    ),
    network: {
      calico: {
        images: {
          node: images.calicoNode,
          cni: images.calicoCni,
          kubeControllers: images.calicoKubeControllers,
        },
        crds: crds.calico,
      },
      metalLb: {
        images: { controller: images.metallbController, speaker: images.metallbSpeaker },
        crds: crds.metalLb,
      },
      pools: pools.map(({ name, addresses }) => ({ name, blocks: addresses })),
      ingress,
      routes: routes.map(({ on, to, via }) => {
        const vantage = on === "router" ? routerOf(client) : on;
        const place = on === "router" ? on : formatVantage(on);
        return {
          /** Made of vantage and network, such as `route-host-192.0.2.0-24`. */
          name: `route-${place}-${to.text}`.replaceAll(/[^\w.]+/g, "-"),
          on: vantage,
          to,
          via,
          /**
           * Changes whenever the vantage's network namespace is recreated, which forces the route
           * to be added again. Empty for a vantage without an id.
           */
          vantageId: machine.vantageIds[formatVantage(vantage)] ?? "",
        };
      }),
    },
    apps,
    client,
    vantage: { image: images.web },
  };
}

const isCloud = (values: Values): values is CloudValues => values.cluster.kind === "gke";

/** Where each Service's address comes from. A cloud's names start with the cluster's. */
function addressesFor(values: Values) {
  return (service: string, { pool }: Readonly<Record<string, unknown>>): AddressSource => {
    if (isCloud(values)) return { reservation: `${values.cluster.name}-${service}` };
    if (typeof pool !== "string") throw new Error(`${service} passed without a pool`);
    return { pool };
  };
}

/** The cluster's settings. In a cloud they hold the reservations that Services name. */
function clusterOf(
  values: Values,
  published: readonly { readonly address: AddressSource }[],
): ClusterSettings {
  if (!isCloud(values)) return values.cluster;
  const reservations = published.flatMap(({ address }) =>
    "reservation" in address ? [address.reservation] : [],
  );
  return { ...values.cluster, reservations };
}

function routerOf({ router }: Values["client"]): Vantage {
  if (router === undefined) throw new Error("a route on the router passed without a router");
  return router;
}
