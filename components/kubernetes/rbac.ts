import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** One rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
  /** The objects that the rule is limited to. `create` and a bare `list` cannot be limited. */
  readonly resourceNames?: string[];
}

/** Verbs of a client that keeps a cache. */
export const read = ["get", "list", "watch"];

/** A {@link Rule} from one API group, its resources and the verbs. */
export function rule(group: string, resources: string[], verbs: string[], names?: string[]): Rule {
  return { apiGroups: [group], resources, verbs, ...(names && { resourceNames: names }) };
}

/** A service account and what it may do. */
export interface AccountArgs {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  /** Rules for the whole cluster. */
  readonly clusterRules: Rule[];
  /**
   * Name of the ClusterRole and its binding.
   * @default the account's name
   */
  readonly clusterRoleName?: string;
  /**
   * Rules for the account's namespace. Role and binding have the account's name.
   * @default [] without a Role
   */
  readonly namespaceRules?: Rule[];
}

/**
 * Creates a service account with its roles and bindings.
 *
 * @returns what a workload that runs as the account depends on
 */
export function createAccount(
  name: string,
  args: AccountArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { namespace, clusterRules, clusterRoleName = args.name, namespaceRules = [] } = args;
  const account = { name: args.name, namespace };
  const subjects = [{ kind: "ServiceAccount", ...account }];

  const clusterRole = new k8s.rbac.v1.ClusterRole(
    `${name}-cluster-role`,
    { metadata: { name: clusterRoleName }, rules: clusterRules },
    opts,
  );
  const created: pulumi.Resource[] = [
    new k8s.core.v1.ServiceAccount(`${name}-account`, { metadata: account }, opts),
    new k8s.rbac.v1.ClusterRoleBinding(
      `${name}-cluster-role-binding`,
      {
        metadata: { name: clusterRoleName },
        roleRef: roleRef("ClusterRole", clusterRole.metadata.name),
        subjects,
      },
      opts,
    ),
  ];
  if (namespaceRules.length === 0) return created;

  const role = new k8s.rbac.v1.Role(
    `${name}-role`,
    { metadata: account, rules: namespaceRules },
    opts,
  );
  const binding = new k8s.rbac.v1.RoleBinding(
    `${name}-role-binding`,
    { metadata: account, roleRef: roleRef("Role", role.metadata.name), subjects },
    opts,
  );
  return [...created, binding];
}

function roleRef(kind: "Role" | "ClusterRole", name: pulumi.Input<string>) {
  return { apiGroup: "rbac.authorization.k8s.io", kind, name };
}
