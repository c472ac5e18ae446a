import { imageNames, selectImages } from "../images.ts";
import { choice, pattern, strict } from "./values.ts";

const image = (example: string) =>
  pattern(
    /^(?:[a-z0-9][a-z0-9.:/_-]*(:[\w.-]+)?@sha256:[0-9a-f]{64}|provenet\.lab\/[a-z0-9-]+:[\w.-]+)$/,
    "an image pinned by digest, name:tag@sha256:… with 64 hex digits",
    example,
  )
    .optional()
    .describe("Replaces this image.")
    .meta({ fallback: "the table's" });

const pulled = selectImages("upstream", "amd64");

/** Schema of `provenet:images`. */
export const imagesSchema = strict(
  {
    source: choice("upstream", "lab")
      .optional()
      .describe(
        "`upstream` pulls each image from its publisher by digest. `lab` uses the images that the lab built.",
      )
      .meta({ fallback: "the machine's, else `upstream`" }),
    architecture: choice("amd64", "arm64")
      .optional()
      .describe("Processor architecture of the nodes, for upstream's images.")
      .meta({ fallback: "the machine's for minikube, else `amd64`" }),
    overrides: strict(
      Object.fromEntries(
        imageNames.map((name) => [name, image(pulled[name].replace(/@.*/, "@sha256:…"))]),
      ) as Record<(typeof imageNames)[number], ReturnType<typeof image>>,
      "write a map, for example { web: name:tag@sha256:… }",
    )
      .prefault({})
      .describe("Images that replace those of `components/config/images.ts`."),
  },
  "write an object, for example { source: upstream, architecture: amd64 }",
)
  .prefault({})
  .describe("Where container images come from.");
