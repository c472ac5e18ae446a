/** The program: each stage once, in order. What a stack is asked to be stands in its configuration. */
import * as pulumi from "@pulumi/pulumi";

import { WebApplication } from "./components/apps/webApplication/webApplication.ts";
import { bodyMark } from "./components/apps/webApplication/server.ts";
import { createCluster } from "./components/cluster/createCluster.ts";
import { readSettings } from "./components/config/read.ts";
import { asText } from "./components/config/settings.ts";
import { Calico } from "./components/network/calico/calico.ts";
import { HostRoute } from "./components/network/hostRoute.ts";
import { IngressController } from "./components/network/ingressController/ingressController.ts";
import { LoadBalancerPool } from "./components/network/loadBalancerPool/loadBalancerPool.ts";
import { MetalLb } from "./components/network/metalLb/metalLb.ts";
import { IngressCheck } from "./components/verification/ingressCheck.ts";
import { RouteCheck } from "./components/verification/routeCheck.ts";
import { ServiceCheck } from "./components/verification/serviceCheck.ts";
import { formatVantage } from "./net/vantage.ts";

const settings = readSettings();
const { calico: calicoSettings, metalLb: metalLbSettings } = settings.network;
const { web: webSettings } = settings.apps;
if (webSettings === undefined) throw new Error("provenet:apps.web is unset");
const router = settings.client.router && formatVantage(settings.client.router);

const cluster = createCluster("cluster", asText(settings.cluster));
const { facts, inside, uid } = cluster;
const routes = settings.network.routes.map(
  ({ name, on, to, via, vantageId }) =>
    new HostRoute(
      name,
      {
        on: formatVantage(on),
        to: to.text,
        via: via.text,
        clientFacts: [vantageId, uid],
      },
      { dependsOn: cluster.provider },
    ),
);

const calico = facts.installsCalico
  ? [
      new Calico(
        "calico",
        {
          images: {
            calicoNode: calicoSettings.images.node,
            calicoCni: calicoSettings.images.cni,
            calicoKubeControllers: calicoSettings.images.kubeControllers,
          },
          definitions: calicoSettings.crds,
          podNetwork: facts.podNetwork,
        },
        inside,
      ),
    ]
  : [];
const metalLb = new MetalLb(
  "metallb",
  {
    images: {
      metallbController: metalLbSettings.images.controller,
      metallbSpeaker: metalLbSettings.images.speaker,
    },
    definitions: metalLbSettings.crds,
    ignoreExcludedNodes: facts.singleNode,
  },
  { ...inside, dependsOn: calico },
);
const pools = settings.network.pools.map(
  ({ name, blocks }) =>
    new LoadBalancerPool(
      `pool-${name}`,
      { namespace: metalLb.namespace, poolName: name, blocks: blocks.map(({ text }) => text) },
      inside,
    ),
);
/** The configuration's checks see to it that the pool is there. */
const announced = (name: string) =>
  pools[settings.network.pools.findIndex((pool) => pool.name === name)]?.poolName ?? name;
// Pods of their own start only where there is a network, and their Services ask for addresses.
const running = { ...inside, dependsOn: [...calico, metalLb] };
const ingress = new IngressController(
  "ingress",
  {
    ...settings.network.ingress,
    pool: announced(settings.network.ingress.pool),
  },
  running,
);
const web = new WebApplication(
  "web",
  {
    ...webSettings,
    pool: announced(webSettings.pool),
    ingressClassName: ingress.className,
  },
  running,
);

const common = {
  kubeconfigPath: cluster.kubeconfigPath,
  router,
  staleWith: [uid, webSettings, settings.network.routes.map(({ name, via }) => [name, via.text])],
};
const reached = { dependsOn: routes };
const service = { namespace: web.namespace, name: web.serviceName };
const route = new RouteCheck(
  "check-web-route",
  { ...common, service, address: web.address, port: 80 },
  reached,
);
const page = new ServiceCheck(
  "check-web-page",
  { ...common, service, address: route.address, body: bodyMark },
  reached,
);
const entry = new IngressCheck(
  "check-web-ingress",
  { ...common, service: ingress.service, address: ingress.address, host: web.host, body: bodyMark },
  reached,
);

/** Where the web application answers by itself; there once it did. */
export const webUrl = page.url;
/** Where the ingress serves it; there once it did. */
export const ingressUrl = entry.url;
/** Load balancer addresses that answered. */
export const addresses = { web: page.address, ingress: entry.address };
/** Questions that were answered rightly, to be asked again by `npm run verify`. */
export const checks = pulumi.all([route.request, page.request, entry.request]);
/** Path of the cluster's kubeconfig, relative to the project, and its content, which is secret. */
export const { kubeconfigPath, kubeconfig } = cluster;
