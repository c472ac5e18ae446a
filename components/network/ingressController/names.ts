import type { Fault } from "../../../messages/faults.ts";

/** Names of a controller's objects. For the class `nginx` they are upstream's. */
export interface ControllerNames {
  /** Namespace, service account and roles. */
  readonly base: string;
  /** Service, Deployment and ConfigMap. */
  readonly controller: string;
  /** Lease of the replica that writes addresses. */
  readonly lease: string;
  /** The IngressClass's `spec.controller`. */
  readonly controllerClass: string;
}

/** The names of the controller that serves a class. */
export function controllerNames(className: string): ControllerNames {
  const base = `ingress-${className}`;
  return {
    base,
    controller: `${base}-controller`,
    lease: `${base}-leader`,
    controllerClass: `k8s.io/${base}`,
  };
}

/** The LoadBalancer Service of the controller that serves a class. */
export function serviceOfClass(className: string): { namespace: string; name: string } {
  const { base, controller } = controllerNames(className);
  return { namespace: base, name: controller };
}

/** Faults of a class name: no name can be built from it. */
export function faultsInClassName(propertyPath: string, className: string): Fault[] {
  // The longest name, "ingress-<class>-controller", must fit a label of 63 characters.
  if (/^[a-z0-9](?:[a-z0-9-]{0,42}[a-z0-9])?$/.test(className)) return [];
  const reason = `"${className}" is not a class name; write up to 44 letters a to z, digits and inner dashes, such as nginx`;
  return [{ propertyPath, reason }];
}
