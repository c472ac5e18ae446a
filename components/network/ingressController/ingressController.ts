import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type Fault } from "../../../messages/faults.ts";
import { rejectFaults } from "../../shared/faults.ts";
import { controllerPod } from "./pod.ts";
import { clusterRules, namespaceRules } from "./rules.ts";
import { loadBalancerAddress } from "../../kubernetes/addresses.ts";
import { poolAnnotation } from "../loadBalancerPool/loadBalancerPool.ts";
import { grantInCluster, grantInNamespace } from "../../kubernetes/rbac.ts";

/** Arguments for {@link IngressController}. */
export interface IngressControllerArgs {
  /** Image of an ingress-nginx controller, 1.11 to 1.15. */
  readonly image: pulumi.Input<string>;
  /** Pool its address comes from: {@link LoadBalancerPool.poolName}. */
  readonly pool: pulumi.Input<string>;
  /**
   * Class that Ingresses name; with a class of its own a second controller fits in the cluster.
   * @default "nginx"
   */
  readonly className?: string;
  /**
   * How many controllers share the work.
   * @default 1
   */
  readonly replicas?: pulumi.Input<number>;
  /**
   * Settings of the controller's ConfigMap, such as `proxy-body-size`; it takes them up as it runs.
   * @default none
   */
  readonly settings?: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * ingress-nginx behind one load balancer address, without its admission webhook: an Ingress with a
 * fault is not refused but shows in the controller's log and events. Upstream archived the project
 * in March 2026; nothing outside this class knows which controller serves the class.
 */
export class IngressController extends pulumi.ComponentResource {
  /** Address that serves all Ingresses of the class; resolves once the controller is ready. */
  readonly address: pulumi.Output<string>;
  /** Its LoadBalancer Service; resolves with the address. */
  readonly service: pulumi.Output<{ readonly namespace: string; readonly name: string }>;
  /** For an Ingress's `ingressClassName`; resolves once the controller is ready to serve it. */
  readonly className: pulumi.Output<string>;

  constructor(name: string, args: IngressControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:network:IngressController", name, args, opts);
    const { image, pool, className = "nginx", replicas = 1, settings = {} } = args;
    rejectFaults(this, faultsInClassName(className));

    // For the class nginx these are upstream's own names.
    const base = `ingress-${className}`;
    const controllerClass = `k8s.io/${base}`;
    const objectName = `${base}-controller`;
    const leaseName = `${base}-leader`;
    const labels = {
      "app.kubernetes.io/name": "ingress-nginx",
      "app.kubernetes.io/instance": base,
      "app.kubernetes.io/component": "controller",
    };
    const parent = { parent: this };

    const { metadata } = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: base } },
      parent,
    );
    const namespace = metadata.name;
    const account = { name: base, namespace };
    const grants = [
      new k8s.core.v1.ServiceAccount(`${name}-account`, { metadata: account }, parent),
      grantInCluster(name, base, account, clusterRules, parent),
      grantInNamespace(
        name,
        base,
        namespace,
        [account],
        namespaceRules(objectName, leaseName),
        parent,
      ),
    ];
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      { metadata: { name: objectName, namespace, labels }, data: settings },
      parent,
    );

    // The controller looks its Service up when it starts and the Service is done only when the
    // controller answers: so neither waits for the other, and both are asked for at the same time.
    const dependsOn = [...grants, config];
    const service = new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: {
          name: objectName,
          namespace,
          labels,
          annotations: { [poolAnnotation]: pool },
        },
        spec: {
          type: "LoadBalancer",
          // Any node may announce the address and pass packets on to a controller elsewhere. With
          // Local the address would move whenever the controller does, for a client address that
          // nothing here needs.
          externalTrafficPolicy: "Cluster",
          selector: labels,
          ports: [
            { name: "http", port: 80, targetPort: "http", appProtocol: "http" },
            { name: "https", port: 443, targetPort: "https", appProtocol: "https" },
          ],
        },
      },
      { ...parent, dependsOn },
    );
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-controller`,
      {
        metadata: { name: objectName, namespace, labels },
        spec: {
          replicas,
          selector: { matchLabels: labels },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          template: controllerPod(image, labels, {
            className,
            controllerClass,
            serviceName: objectName,
            configName: objectName,
            leaseName,
            accountName: base,
          }),
        },
      },
      { ...parent, dependsOn },
    );
    const ingressClass = new k8s.networking.v1.IngressClass(
      `${name}-class`,
      { metadata: { name: className, labels }, spec: { controller: controllerClass } },
      parent,
    );

    this.address = pulumi
      .all([loadBalancerAddress(service), deployment.id])
      .apply(([address]) => address);
    this.service = pulumi
      .all([service.metadata.namespace, service.metadata.name, this.address])
      .apply(([where, what]) => ({ namespace: where, name: what }));
    this.className = pulumi
      .all([ingressClass.metadata.name, this.address])
      .apply(([ready]) => ready);
    this.registerOutputs({
      address: this.address,
      service: this.service,
      className: this.className,
    });
  }
}

function faultsInClassName(className: string): Fault[] {
  // The longest name made of it, "ingress-<class>-controller", has to stay a label of 63 letters.
  if (/^[a-z0-9](?:[a-z0-9-]{0,42}[a-z0-9])?$/.test(className)) return [];
  const reason = `"${className}" is not a class name; write up to 44 letters a to z, digits and inner dashes, such as nginx`;
  return [{ propertyPath: "className", reason }];
}
