import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { dataHash, dataHashAnnotation } from "../../kubernetes/configHash.ts";
import { loadBalancerAddress } from "../../kubernetes/addresses.ts";
import { poolAnnotation } from "../../network/loadBalancerPool/loadBalancerPool.ts";
import { rejectFaults } from "../../shared/faults.ts";
import { faultsInWebApplication } from "./faults.ts";
import { webPod } from "./pod.ts";
import { serverConfig } from "./server.ts";

/** Arguments for {@link WebApplication}. */
export interface WebApplicationArgs {
  /** Image of an nginx that runs without root and reads `/etc/nginx/conf.d`. */
  readonly image: pulumi.Input<string>;
  /** Host name the ingress serves it under, such as `web.provenet.test`. */
  readonly host: string;
  /** Pool the LoadBalancer address comes from. */
  readonly pool: pulumi.Input<string>;
  /** Class of the ingress controller that serves the host name. */
  readonly ingressClassName: pulumi.Input<string>;
  /**
   * How many pods, spread over the nodes.
   * @default 2
   */
  readonly replicas?: number;
}

/**
 * A web server that says which pod answered, reachable in three ways: inside the cluster, on a load
 * balancer address of its own, and through the ingress by host name. All objects are in a namespace
 * named like the component.
 */
export class WebApplication extends pulumi.ComponentResource {
  /** The load balancer's address; resolves once it is assigned and all pods are ready. */
  readonly address: pulumi.Output<string>;
  /** `http://<address>/`; resolves with {@link address}. */
  readonly url: pulumi.Output<string>;
  /** Host name of the Ingress; resolves once the controller has taken the Ingress up. */
  readonly host: pulumi.Output<string>;
  /** Namespace of all objects; resolves when it exists. */
  readonly namespace: pulumi.Output<string>;
  /** Name of the LoadBalancer Service; resolves with {@link address}. */
  readonly serviceName: pulumi.Output<string>;

  constructor(name: string, args: WebApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:apps:WebApplication", name, args, opts);
    const { image, host, pool, ingressClassName, replicas = 2 } = args;
    rejectFaults(this, faultsInWebApplication({ host, replicas }));

    const parent = { parent: this };
    const labels = { "app.kubernetes.io/name": "web", "app.kubernetes.io/instance": name };
    const { metadata } = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name } },
      parent,
    );
    const namespace = metadata.name;

    const data = { "web.conf": serverConfig() };
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      { metadata: { name: "web", namespace, labels }, data },
      parent,
    );
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata: { name: "web", namespace, labels },
        spec: {
          replicas,
          selector: { matchLabels: labels },
          // Never fewer pods than asked for: one more comes first, then an old one goes.
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          progressDeadlineSeconds: 180,
          template: webPod(
            image,
            labels,
            { [dataHashAnnotation]: dataHash(data) },
            config.metadata.name,
          ),
        },
      },
      parent,
    );

    const after = { ...parent, dependsOn: deployment };
    const ports = [{ name: "http", port: 80, targetPort: "http" }];
    const inside = new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: { name: "web", namespace, labels },
        spec: { type: "ClusterIP", selector: labels, ports },
      },
      after,
    );
    const outside = new k8s.core.v1.Service(
      `${name}-load-balancer`,
      {
        metadata: {
          name: "web-load-balancer",
          namespace,
          labels,
          annotations: { [poolAnnotation]: pool },
        },
        // Cluster: whichever node announces the address, every ready pod is reached through it.
        spec: { type: "LoadBalancer", externalTrafficPolicy: "Cluster", selector: labels, ports },
      },
      after,
    );
    const ingress = new k8s.networking.v1.Ingress(
      `${name}-ingress`,
      {
        metadata: { name: "web", namespace, labels },
        spec: {
          ingressClassName,
          rules: [
            {
              host,
              http: {
                paths: [
                  {
                    path: "/",
                    pathType: "Prefix",
                    backend: {
                      service: { name: inside.metadata.name, port: { name: "http" } },
                    },
                  },
                ],
              },
            },
          ],
        },
      },
      parent,
    );

    this.namespace = namespace;
    this.address = loadBalancerAddress(outside);
    this.url = this.address.apply((address) =>
      address.includes(":") ? `http://[${address}]/` : `http://${address}/`,
    );
    this.serviceName = outside.metadata.name;
    this.host = ingress.id.apply(() => host);
    this.registerOutputs({
      address: this.address,
      url: this.url,
      host: this.host,
      namespace: this.namespace,
      serviceName: this.serviceName,
    });
  }
}
