/** The program: each stage once, in order. What a stack is asked to be stands in its configuration. */
import * as pulumi from "@pulumi/pulumi";

import { WebApplication } from "./components/apps/webApplication/webApplication.ts";
import { bodyMark } from "./components/apps/webApplication/server.ts";
import { createCluster } from "./components/cluster/createCluster.ts";
import { readSettings } from "./components/config/read.ts";
import { Calico } from "./components/network/calico/calico.ts";
import { HostRoute } from "./components/network/hostRoute.ts";
import { IngressController } from "./components/network/ingressController/ingressController.ts";
import { LoadBalancerPool } from "./components/network/loadBalancerPool/loadBalancerPool.ts";
import { MetalLb } from "./components/network/metalLb/metalLb.ts";
import { IngressCheck } from "./components/verification/ingressCheck.ts";
import { RouteCheck } from "./components/verification/routeCheck.ts";
import { ServiceCheck } from "./components/verification/serviceCheck.ts";

const settings = readSettings();
const { images, definitions, router } = settings;

// Routes to the nodes come before the cluster, which is reached by them. Those through a node come after
// it, and again with each new cluster.
const near = settings.routes.filter((route) => !route.throughNode);
const far = settings.routes.filter((route) => route.throughNode);
const toNodes = near.map(
  (route) => new HostRoute(route.name, { ...route, clientFacts: [route.since] }),
);
const cluster = createCluster("cluster", settings.cluster, { dependsOn: toNodes });
const { facts, inside, uid } = cluster;
const toPools = far.map(
  (route) =>
    new HostRoute(
      route.name,
      { ...route, clientFacts: [route.since, uid] },
      { dependsOn: cluster.provider },
    ),
);

const calico = facts.installsCalico
  ? [
      new Calico(
        "calico",
        { images, definitions: definitions.calico, podNetwork: facts.podNetwork },
        inside,
      ),
    ]
  : [];
const metalLb = new MetalLb(
  "metallb",
  { images, definitions: definitions.metallb, ignoreExcludedNodes: facts.singleNode },
  { ...inside, dependsOn: calico },
);
const pools = settings.pools.map(
  ({ name, addresses: blocks }) =>
    new LoadBalancerPool(
      `pool-${name}`,
      { namespace: metalLb.namespace, poolName: name, blocks },
      inside,
    ),
);
/** The configuration's checks see to it that the pool is there. */
const announced = (name: string) =>
  pools[settings.pools.findIndex((pool) => pool.name === name)]?.poolName ?? name;
// Pods of their own start only where there is a network, and their Services ask for addresses.
const running = { ...inside, dependsOn: [...calico, metalLb] };
const ingress = new IngressController(
  "ingress",
  {
    image: images.ingressController,
    className: settings.ingress.className,
    pool: announced(settings.ingress.pool),
  },
  running,
);
const web = new WebApplication(
  "web",
  {
    image: images.web,
    ...settings.web,
    pool: announced(settings.web.pool),
    ingressClassName: ingress.className,
  },
  running,
);

const common = {
  kubeconfigPath: cluster.kubeconfigPath,
  router,
  staleWith: [uid, settings.web, settings.routes, images.web],
};
const reached = { dependsOn: [...toNodes, ...toPools] };
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
