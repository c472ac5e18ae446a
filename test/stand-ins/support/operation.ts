import type { Operation } from "../../../stand-ins/kit/provider.ts";

/** An operation for tests that discards its messages. */
export function operation(given: Partial<Operation> = {}): Operation {
  return {
    urn: "urn:pulumi:test::test::kubernetes:apps/v1:Deployment::web",
    type: "kubernetes:apps/v1:Deployment",
    name: "web",
    preview: false,
    timeoutSeconds: 0,
    ignoreChanges: [],
    cancelled: new AbortController().signal,
    log: () => undefined,
    status: () => undefined,
    ...given,
  };
}
