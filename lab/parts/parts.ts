import type { Artefact } from "../build/artefact.ts";
import { definitions } from "../recipes/crds.ts";
import { preload } from "../recipes/preload.ts";
import { debian } from "./debian.ts";
import { images, node } from "./images.ts";
import { calico, kubernetesVersion, programs } from "./programs.ts";

const composed: readonly Artefact[] = [
  node,
  preload("preload", {
    kubernetesVersion,
    images: images.map(({ name }) => name),
    seconds: 60,
    megabytes: 450,
  }),
  definitions("definitions", {
    "calico.yaml": { program: "calico", module: calico, folder: "libcalico-go/config/crd" },
    "metallb.yaml": {
      program: "metallb",
      module: "go.universe.tf/metallb",
      folder: "config/crd/bases",
    },
  }),
];

/** Everything that the lab can build. */
export const artefacts: readonly Artefact[] = [...programs, ...debian, ...images, ...composed];
