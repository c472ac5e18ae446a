/** Facts about Calico. */
import type { PolicyResource } from "@pulumi/policy";

import { isKind, kindOf } from "./kubernetes.ts";

type Typed = Pick<PolicyResource, "type">;

const groups: readonly string[] = ["crd.projectcalico.org", "projectcalico.org"];

/** Whether the object is of one of Calico's kinds. */
export const isCalicoObject = ({ type }: Typed): boolean =>
  groups.includes(kindOf(type)?.group ?? "");

/** Whether the object is of one of these kinds of Calico's. */
export const isCalicoKind = ({ type }: Typed, ...kinds: readonly string[]): boolean =>
  groups.some((group) => isKind(type, group, ...kinds));

/** Whether the object is a pool of pods' addresses. */
export const isCalicoPool = (resource: Typed): boolean => isCalicoKind(resource, "IPPool");
