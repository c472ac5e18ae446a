import { IAMMember } from "@pulumi/gcp/projects/iammember.js";
import { Account } from "@pulumi/gcp/serviceaccount/account.js";
import * as pulumi from "@pulumi/pulumi";

/** What Google documents as the least that a node needs: logs, metrics and autoscaling. */
const role = "roles/container.defaultNodeServiceAccount";

/** Arguments for {@link NodeAccount}. */
export interface NodeAccountArgs {
  readonly project: string;
  /** Id of the account, 6 to 30 characters. */
  readonly accountId: string;
}

/**
 * The service account of a cluster's nodes. Without one they run as the project's default account,
 * which may edit the whole project.
 *
 * @example
 * const { email } = new NodeAccount("account", { project, accountId: "provenet-nodes" }, inCloud);
 */
export class NodeAccount extends pulumi.ComponentResource {
  /** Resolves once the account has its role. */
  readonly email: pulumi.Output<string>;

  constructor(name: string, args: NodeAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("provenet:cluster:NodeAccount", name, {}, opts);
    const { project, accountId } = args;
    const account = new Account(
      `${name}-account`,
      { accountId, displayName: "Nodes of a provenet cluster" },
      { parent: this },
    );
    const { id } = new IAMMember(
      `${name}-role`,
      { project, role, member: account.member },
      { parent: this },
    );
    this.email = pulumi.all([account.email, id]).apply(([email]) => email);
    this.registerOutputs({ email: this.email });
  }
}
