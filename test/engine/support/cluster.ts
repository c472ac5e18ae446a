import type { Properties, Value } from "../../../stand-ins/kit/values.ts";
import { isNotFound } from "../../../stand-ins/kubernetes/client.ts";
import { controlPlane } from "./fixture.ts";
import type { Recorded, Stack } from "./stack.ts";

/** The object at a path of the API server. Undefined when there is none. */
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

/** A resource of a stack's state by the end of its URN. Throws when there is none. */
export async function recordedAs(stack: Stack, ending: string): Promise<Recorded> {
  const found = (await stack.recorded()).resources.find(({ urn }) => urn.endsWith(ending));
  if (!found) throw new Error(`the state has no resource ${ending}`);
  return found;
}

/** The stack's namespace. */
export async function namespaceOf(stack: Stack): Promise<string> {
  return (await recordedAs(stack, "Namespace::shop")).id ?? "";
}

/** The API path of the stack's Deployment. */
export async function deploymentPath(stack: Stack): Promise<string> {
  return `/apis/apps/v1/namespaces/${await namespaceOf(stack)}/deployments/web`;
}

/** The stack's Deployment in the cluster. */
export async function deploymentOf(stack: Stack): Promise<Properties> {
  const found = await objectAt(await deploymentPath(stack));
  if (!found) throw new Error("there is no Deployment web");
  return found;
}
