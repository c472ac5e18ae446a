import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** One rule of a Role or ClusterRole, with only what this project grants by. */
export interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
  /** Grant only these objects; `create` and a bare `list` cannot be narrowed so. */
  readonly resourceNames?: string[];
}

/** A service account by name. */
export interface Account {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
}

/** Shorthand for the verbs of a reader that keeps a cache. */
export const read = ["get", "list", "watch"];

/** A {@link Rule} from one API group, its resources and the verbs. */
export function rule(group: string, resources: string[], verbs: string[], names?: string[]): Rule {
  return {
    apiGroups: [group],
    resources,
    verbs,
    ...(names === undefined ? {} : { resourceNames: names }),
  };
}

/**
 * Grants an account rules in the whole cluster: a ClusterRole and its binding, both under
 * `objectName`. Returns the binding, which is what a workload waits for.
 */
export function grantInCluster(
  name: string,
  objectName: string,
  account: Account,
  rules: Rule[],
  opts: pulumi.CustomResourceOptions,
): k8s.rbac.v1.ClusterRoleBinding {
  const role = new k8s.rbac.v1.ClusterRole(
    `${name}-cluster-role`,
    { metadata: { name: objectName }, rules },
    opts,
  );
  return new k8s.rbac.v1.ClusterRoleBinding(
    `${name}-cluster-role-binding`,
    {
      metadata: { name: objectName },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: role.metadata.name,
      },
      subjects: [{ kind: "ServiceAccount", ...account }],
    },
    opts,
  );
}

/** Grants accounts rules in one namespace: a Role and its binding, both under `objectName`. */
export function grantInNamespace(
  name: string,
  objectName: string,
  namespace: pulumi.Input<string>,
  accounts: Account[],
  rules: Rule[],
  opts: pulumi.CustomResourceOptions,
): k8s.rbac.v1.RoleBinding {
  const role = new k8s.rbac.v1.Role(
    `${name}-role`,
    { metadata: { name: objectName, namespace }, rules },
    opts,
  );
  return new k8s.rbac.v1.RoleBinding(
    `${name}-role-binding`,
    {
      metadata: { name: objectName, namespace },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "Role",
        name: role.metadata.name,
      },
      subjects: accounts.map((account) => ({ kind: "ServiceAccount", ...account })),
    },
    opts,
  );
}
