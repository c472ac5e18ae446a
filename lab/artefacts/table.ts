import type { Artefact } from "./artefact.ts";
import { definitions } from "./definitions.ts";
import { preload } from "./preload.ts";
import { debian } from "./table/debian.ts";
import { images, node } from "./table/images.ts";
import { calico, kubernetesVersion, programs } from "./table/programs.ts";

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
