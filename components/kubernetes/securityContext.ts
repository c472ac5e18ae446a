import type { input } from "@pulumi/kubernetes/types/index.js";

/** What a container needs beyond {@link restrictedContainer}'s defaults. */
export interface Privileges {
  /**
   * Linux capabilities that the container keeps. All others are dropped.
   * @default []
   */
  readonly capabilities?: string[];
  /**
   * Whether the image's file system is writable.
   * @default "read-only"
   */
  readonly rootFilesystem?: "read-only" | "writable";
}

/** A container's security context that drops every privilege except the ones that are named. */
export function restrictedContainer({
  capabilities = [],
  rootFilesystem = "read-only",
}: Privileges = {}): input.core.v1.SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: rootFilesystem === "read-only",
    capabilities: { drop: ["ALL"], ...(capabilities.length > 0 && { add: capabilities }) },
  };
}

/** A pod's security context without root. Without a user, the image must name one that is not 0. */
export function nonRootPod(user?: {
  readonly uid: number;
  readonly gid: number;
}): input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    ...(user && { runAsUser: user.uid, runAsGroup: user.gid }),
    seccompProfile: { type: "RuntimeDefault" },
  };
}
