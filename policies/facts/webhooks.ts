/** Admission webhooks of a stack, with the port that their pods listen on. */
import type { PolicyResource } from "@pulumi/policy";

import {
  containersOf,
  isKind,
  maybeMatchesLabels,
  maybeSameNamespace,
  namespaceOf,
  podTemplateOf,
  type Namespace,
} from "./kubernetes.ts";
import { Property } from "../sdk/property.ts";

/** A webhook that the API server calls at a pod. */
export interface Webhook {
  readonly resource: PolicyResource;
  /** The reference to its Service. */
  readonly property: Property;
  /** The port of the pods. */
  readonly port: number;
}

const kinds = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"];

/** The webhooks whose requests fail without an answer, and whose port the stack shows. */
export function webhooksIn(resources: readonly PolicyResource[]): Webhook[] {
  const services = resources.filter(({ type }) => isKind(type, "", "Service"));
  return resources
    .filter(({ type }) => isKind(type, "admissionregistration.k8s.io", ...kinds))
    .flatMap((resource) =>
      Property.of(resource.props)
        .at("webhooks")
        .items()
        .filter((webhook) => mayFail(webhook.at("failurePolicy")))
        .flatMap((webhook) => {
          const property = webhook.at("clientConfig", "service");
          const service = services.find((each) => isMeant(property, each));
          const port = service && podPortOf(service, property.at("port"), resources);
          return port === undefined ? [] : [{ resource, property, port }];
        }),
    );
}

/** Without a policy, a webhook that does not answer fails the request. */
const mayFail = (policy: Property): boolean => policy.isMissing || policy.text === "Fail";

function isMeant(reference: Property, service: PolicyResource): boolean {
  const name = Property.of(service.props).at("metadata", "name").text;
  if (name === undefined || name !== reference.at("name").text) return false;
  const namespace = reference.at("namespace");
  const wanted: Namespace = namespace.text === undefined ? "unknown" : { name: namespace.text };
  return maybeSameNamespace(wanted, namespaceOf(service));
}

/** The pod's port behind a port of the Service, or undefined while the stack does not show it. */
function podPortOf(
  service: PolicyResource,
  port: Property,
  resources: readonly PolicyResource[],
): number | undefined {
  if (port.isUnknown) return undefined;
  const wanted = port.number ?? 443;
  const spec = Property.of(service.props).at("spec");
  const found = spec
    .at("ports")
    .items()
    .find((each) => each.at("port").number === wanted);
  const target = found?.at("targetPort");
  if (target === undefined || target.isUnknown) return undefined;
  if (target.isMissing) return wanted;
  return target.number ?? namedPort(target.text, service, resources);
}

function namedPort(
  name: string | undefined,
  service: PolicyResource,
  resources: readonly PolicyResource[],
): number | undefined {
  const selector = Property.of(service.props).at("spec", "selector");
  return resources
    .flatMap((resource) => {
      const template = podTemplateOf(resource.type, resource.props);
      if (template === undefined) return [];
      if (!maybeSameNamespace(namespaceOf(resource), namespaceOf(service))) return [];
      const matches = maybeMatchesLabels(selector, template.metadata.at("labels"));
      return matches ? containersOf(template) : [];
    })
    .flatMap(({ property }) => property.at("ports").items())
    .find((port) => port.at("name").text === name)
    ?.at("containerPort").number;
}
