import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import {
  type AddressSource,
  addressAnnotations,
  loadBalancerAddress,
} from "../../kubernetes/addresses.ts";
import { serviceOfClass } from "../../network/ingressController/names.ts";
import type { Endpoint } from "../../shared/endpoint.ts";
import { rejectFaults } from "../../shared/faults.ts";
import { faultsInWebApplication } from "./faults.ts";
import { webPod } from "./pod.ts";
import { bodyMark, serverConfig } from "./server.ts";

/** Arguments for {@link WebApplication}. */
export interface WebApplicationArgs {
  /** Image of an nginx that runs without root and reads `/etc/nginx/conf.d`. */
  readonly image: pulumi.Input<string>;
  /** Host name of the Ingress, such as `web.provenet.test`. */
  readonly host: string;
  /** Where the load balancer address comes from. */
  readonly address: AddressSource;
  /** Class of the ingress controller that serves the host name. */
  readonly ingressClassName: string;
  /**
   * Number of pods, spread over the nodes.
   * @default 2
   */
  readonly replicas?: number;
}

/**
 * A web server whose page names the pod that answered. Clients reach it at a load balancer address
 * and, by host name, through the ingress controller. Its namespace is named like the component.
 *
 * @example
 * const web = new WebApplication("web", settings.apps.web, network.workloads);
 * new Verification("verification", { endpoints: web.endpoints, … });
 */
export class WebApplication extends pulumi.ComponentResource {
  /**
   * `web` and `web-tcp` are the load balancer's address, `web-ingress` the host name at the ingress
   * controller. An address resolves once all pods are ready and it is assigned.
   */
  readonly endpoints: readonly Endpoint[];

  constructor(name: string, args: WebApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:apps:WebApplication", name, {}, opts);
    const { image, host, address, ingressClassName, replicas = 2 } = args;
    rejectFaults(this, faultsInWebApplication({ host, replicas }));

    const parent = { parent: this };
    const labels = { "app.kubernetes.io/name": "web", "app.kubernetes.io/instance": name };
    const { metadata } = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name } },
      parent,
    );
    const objectMeta = { name: "web", namespace: metadata.name, labels };

    const data = { "web.conf": serverConfig() };
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      { metadata: objectMeta, data },
      parent,
    );
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata: objectMeta,
        spec: {
          replicas,
          selector: { matchLabels: labels },
          // A new pod is ready before an old one stops.
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          progressDeadlineSeconds: 180,
          template: webPod({ image, labels, config: { name: config.metadata.name, data } }),
        },
      },
      parent,
    );

    const after = { ...parent, dependsOn: deployment };
    const ports = [{ name: "http", port: 80, targetPort: "http" }];
    const service = new k8s.core.v1.Service(
      `${name}-service`,
      { metadata: objectMeta, spec: { type: "ClusterIP", selector: labels, ports } },
      after,
    );
    const loadBalancer = new k8s.core.v1.Service(
      `${name}-load-balancer`,
      {
        metadata: {
          ...objectMeta,
          name: "web-load-balancer",
          annotations: addressAnnotations(address),
        },
        // With Cluster every ready pod is reachable through the node that announces the address.
        spec: { type: "LoadBalancer", externalTrafficPolicy: "Cluster", selector: labels, ports },
      },
      after,
    );
    const backend = { service: { name: service.metadata.name, port: { name: "http" } } };
    const ingress = new k8s.networking.v1.Ingress(
      `${name}-ingress`,
      {
        metadata: objectMeta,
        spec: {
          ingressClassName,
          rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
        },
      },
      parent,
    );

    const direct = {
      address: loadBalancerAddress(loadBalancer),
      service: { namespace: metadata.name, name: loadBalancer.metadata.name },
      staleWith: [image, replicas],
    };
    this.endpoints = [
      { name, ...direct, expect: { kind: "http", body: bodyMark } },
      { name: `${name}-tcp`, ...direct, expect: { kind: "tcp", port: 80 } },
      {
        ...direct,
        name: `${name}-ingress`,
        address: loadBalancerAddress(ingress),
        service: serviceOfClass(ingressClassName),
        expect: { kind: "http", host, body: bodyMark },
      },
    ];
    this.registerOutputs({ address: direct.address });
  }
}
