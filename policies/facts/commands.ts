/** Facts about commands that a stack runs. */
import type { PolicyResource } from "@pulumi/policy";

/** Whether the resource is a command of the command provider, local or remote. */
export function isCommand({ type }: Pick<PolicyResource, "type">): boolean {
  return /^command:(?:local|remote):Command$/.test(type);
}
