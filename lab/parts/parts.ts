import type { Part } from "../build/part.ts";
import { crds } from "../recipes/crds.ts";
import { preload } from "../recipes/preload.ts";
import { debian } from "./debian.ts";
import { images, node } from "./images.ts";
import { calico, kubernetesVersion, programs } from "./programs.ts";

const composed: readonly Part[] = [
  node,
  preload("preload", {
    kubernetesVersion,
    images: images.map(({ name }) => name),
    seconds: 40,
    megabytes: 450,
  }),
  crds("crds", {
    "calico.yaml": { program: "calico", module: calico, folder: "libcalico-go/config/crd" },
    "metallb.yaml": {
      program: "metallb",
      module: "go.universe.tf/metallb",
      folder: "config/crd/bases",
    },
  }),
];

/** Everything that the lab can build. */
export const parts: readonly Part[] = [...programs, ...debian, ...images, ...composed];
