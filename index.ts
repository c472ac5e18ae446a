/** Wires the stages of one stack, left to right. Pulumi.<stack>.yaml decides what is in it. */
import type * as pulumi from "@pulumi/pulumi";

import { WebApplication } from "./components/apps/webApplication/webApplication.ts";
import { createCluster } from "./components/cluster/createCluster.ts";
import { readSettings } from "./components/config/read.ts";
import { Network } from "./components/network/network.ts";
import type { PublishedOutputs } from "./components/verification/outputs.ts";
import { Verification } from "./components/verification/verification.ts";

const settings = readSettings();
const cluster = createCluster("cluster", settings.cluster);
const network = new Network("network", settings.network, cluster);

const { web } = settings.apps;
const apps = [web && new WebApplication("web", web, network.workloads)].filter(
  (app) => app !== undefined,
);

const endpoints = [network, ...apps].flatMap((stage) => stage.endpoints);
const { urls, addresses, requests, verdicts } = new Verification("verification", {
  endpoints,
  path: network.path,
  client: settings.client,
  vantage: settings.vantage,
  cluster,
  workloads: network.workloads,
});
const { kubeconfigPath, context: kubeconfigContext, uid: clusterUid } = cluster;

const proved = { urls, addresses, requests, verdicts };
const outputs = { ...proved, kubeconfigPath, kubeconfigContext, clusterUid };
outputs satisfies { [Name in keyof PublishedOutputs]: pulumi.Output<PublishedOutputs[Name]> };
export { urls, addresses, requests, verdicts };
export { kubeconfigPath, kubeconfigContext, clusterUid };
