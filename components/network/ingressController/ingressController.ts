import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import {
  type AddressSource,
  addressAnnotations,
  loadBalancerAddress,
} from "../../kubernetes/addresses.ts";
import { createAccount } from "../../kubernetes/rbac.ts";
import { rejectFaults } from "../../shared/faults.ts";
import { controllerNames, faultsInClassName } from "./names.ts";
import { controllerPod } from "./pod.ts";
import { clusterRules, namespaceRules } from "./rbac.ts";

/** Arguments for {@link IngressController}. */
export interface IngressControllerArgs {
  /** Image of an ingress-nginx controller, 1.11 to 1.15. */
  readonly image: pulumi.Input<string>;
  /** Where its address comes from. */
  readonly address: AddressSource;
  /**
   * Class that Ingresses name. Two controllers fit in one cluster if their classes differ.
   * @default "nginx"
   */
  readonly className?: string;
  /**
   * Number of controller pods.
   * @default 1
   */
  readonly replicas?: pulumi.Input<number>;
  /**
   * Data of the controller's ConfigMap, such as `proxy-body-size`. Changes apply without a restart.
   * @default {}
   */
  readonly settings?: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * ingress-nginx with one load balancer address, without its admission webhook. An invalid Ingress
 * shows up in the controller's log and events. Upstream archived the project in March 2026, so
 * nothing outside this folder depends on which controller serves the class.
 *
 * @example
 * const { address } = new IngressController("ingress", { image, address: { pool: "home" } }, cluster.options);
 */
export class IngressController extends pulumi.ComponentResource {
  /** Address that serves all Ingresses of the class. Resolves once the controller is ready. */
  readonly address: pulumi.Output<string>;
  /** The class. An Ingress created before its class is ignored, so applications depend on this. */
  readonly ingressClass: k8s.networking.v1.IngressClass;

  constructor(name: string, args: IngressControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:network:IngressController", name, {}, opts);
    const { image, address, className = "nginx", replicas = 1, settings = {} } = args;
    rejectFaults(this, faultsInClassName("className", className));

    const names = controllerNames(className);
    const labels = {
      "app.kubernetes.io/name": "ingress-nginx",
      "app.kubernetes.io/instance": names.base,
      "app.kubernetes.io/component": "controller",
    };
    const parent = { parent: this };
    const { metadata } = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: names.base } },
      parent,
    );
    const namespace = metadata.name;
    const objectMeta = { name: names.controller, namespace, labels };
    const rbac = createAccount(
      name,
      {
        name: names.base,
        namespace,
        clusterRules,
        namespaceRules: namespaceRules(names.controller, names.lease),
      },
      parent,
    );
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      { metadata: objectMeta, data: settings },
      parent,
    );

    // The Service is ready once the controller answers, and the controller reads the Service when it
    // starts. Both are created at the same time, because each needs the other.
    const service = new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...objectMeta, annotations: addressAnnotations(address) },
        spec: {
          type: "LoadBalancer",
          // Any node may announce the address and forward to a controller on another node. With
          // Local the address would move with the controller.
          externalTrafficPolicy: "Cluster",
          selector: labels,
          ports: [
            { name: "http", port: 80, targetPort: "http", appProtocol: "http" },
            { name: "https", port: 443, targetPort: "https", appProtocol: "https" },
          ],
        },
      },
      parent,
    );
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-controller`,
      {
        metadata: objectMeta,
        spec: {
          replicas,
          selector: { matchLabels: labels },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          template: controllerPod(image, labels, className),
        },
      },
      { ...parent, dependsOn: [...rbac, config] },
    );
    this.ingressClass = new k8s.networking.v1.IngressClass(
      `${name}-class`,
      { metadata: { name: className, labels }, spec: { controller: names.controllerClass } },
      parent,
    );

    this.address = pulumi
      .all([loadBalancerAddress(service), deployment.id])
      .apply(([address]) => address);
    this.registerOutputs({ address: this.address });
  }
}
