import { asList, asText, at, type Properties, type Value } from "../../../stand-ins/kit/values.ts";
import { isNotFound } from "../../../stand-ins/kubernetes/client.ts";
import { controlPlane } from "./fixture.ts";
import { eventually } from "./processes.ts";
import type { Recorded, Stack } from "./stack.ts";

/** What the API server has at a path; undefined when there is nothing. */
export async function objectAt(path: string): Promise<Properties | undefined> {
  try {
    return await controlPlane().api.request({ method: "GET", path });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Changes an object behind Pulumi's back, as kubectl edit does. */
export async function changeBehindTheBack(path: string, patch: Value): Promise<void> {
  await controlPlane().api.request({
    method: "PATCH",
    path,
    body: patch,
    contentType: "application/merge-patch+json",
  });
}

/** A resource of a stack by the end of its URN; the test fails when it is not in the state. */
export async function recordedAs(stack: Stack, ending: string): Promise<Recorded> {
  const found = (await stack.recorded()).resources.find(({ urn }) => urn.endsWith(ending));
  if (!found) throw new Error(`the state has no resource ${ending}`);
  return found;
}

/** The stack's namespace. */
export async function namespaceOf(stack: Stack): Promise<string> {
  return (await recordedAs(stack, "Namespace::shop")).id ?? "";
}

/** Where the stack's Deployment is. */
export async function deploymentPath(stack: Stack): Promise<string> {
  return `/apis/apps/v1/namespaces/${await namespaceOf(stack)}/deployments/web`;
}

/** The stack's Deployment as it is in the cluster. */
export async function deploymentOf(stack: Stack): Promise<Properties> {
  const found = await objectAt(await deploymentPath(stack));
  if (!found) throw new Error("there is no Deployment web");
  return found;
}

/** When the first container of a stack's pods waited for a reason; by this process's clock. */
export async function firstSign(stack: Stack, reason: string): Promise<number> {
  return eventually(`a container that waits for ${reason}`, async () => {
    const path = `/api/v1/namespaces/${await namespaceOf(stack)}/pods`;
    const pods = asList((await objectAt(path))?.items);
    const reasons = pods.map((pod) =>
      asText(at(pod, "status", "containerStatuses", 0, "state", "waiting", "reason")),
    );
    return reasons.includes(reason) ? performance.now() : undefined;
  });
}
