import pRetry from "p-retry";

import type { KubernetesApi } from "../../../kube/api.ts";
import { CouldNotAsk } from "../../../messages/errors.ts";

/** The same API, which repeats a request that got no answer or an error until the deadline. */
export function patient(api: KubernetesApi, deadlineSeconds: number): KubernetesApi {
  const insist = <Answer>(ask: () => Promise<Answer>) =>
    pRetry(ask, {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: Math.min(250, deadlineSeconds * 100),
      maxTimeout: 3000,
      maxRetryTime: deadlineSeconds * 1000,
      shouldRetry: ({ error }) => error instanceof CouldNotAsk,
    });
  return {
    ...api,
    get: (path, schema) => insist(() => api.get(path, schema)),
    patch: (path, patch) => insist(() => api.patch(path, patch)),
    post: (path, object, conditional) => insist(() => api.post(path, object, conditional)),
  };
}
