import type { KubernetesApi } from "../../kube/api.ts";

/** What a pretended API server does not offer. */
export const onlyGetAndPatch: Pick<KubernetesApi, "post" | "remove" | "run"> = {
  post: () => Promise.reject(new Error("nothing is created here")),
  run: () => Promise.reject(new Error("nothing runs here")),
  remove: () => Promise.reject(new Error("nothing is deleted here")),
};
