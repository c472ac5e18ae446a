import type { ResourceValidationPolicy } from "@pulumi/policy";

import { containersOf, podTemplateOf } from "../../facts/kubernetes.ts";

const defaults = { labRegistry: "provenet.lab" };

/**
 * The owner of a registry can move a tag, so the same stack may come up one week and fail the next.
 * A digest always names the same image. The lab's images have no digest in a registry, and the lab
 * never builds a version twice.
 */
export const imageIsPinned: ResourceValidationPolicy = {
  name: "image-is-pinned",
  displayName: "Images are named by digest",
  description: "Every container names its image by digest, or by a version that the lab built.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["images", "reproducible"],
  url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
  remediationSteps:
    "Append @sha256:… to the image in components/config/images.ts. `docker buildx imagetools inspect IMAGE` prints the digest.",
  configSchema: {
    properties: {
      labRegistry: {
        type: "string",
        description: "Registry name of the images that the lab builds.",
        default: defaults.labRegistry,
      },
    },
  },
  validateResource: (args, report) => {
    const pod = podTemplateOf(args.type, args.props);
    if (pod === undefined) return;
    const { labRegistry } = { ...defaults, ...args.getConfig<Partial<typeof defaults>>() };

    for (const { property } of containersOf(pod)) {
      const image = property.at("image");
      if (image.isUnknown || isPinned(image.text ?? "", labRegistry)) continue;
      const got = image.text === undefined ? "is not set" : `is ${image.text}`;
      report(
        `${image.path} ${got}. Fix: set NAME@sha256:DIGEST, or in the lab ${labRegistry}/NAME:VERSION with a version other than latest`,
      );
    }
  },
};

function isPinned(image: string, labRegistry: string): boolean {
  if (/^[^@\s]+@sha256:[0-9a-f]{64}$/.test(image)) return true;
  if (!image.startsWith(`${labRegistry}/`)) return false;
  const [, tag] = /^[a-z0-9._/-]+:(\w[\w.-]*)$/.exec(image) ?? [];
  return tag !== undefined && tag !== "latest";
}
