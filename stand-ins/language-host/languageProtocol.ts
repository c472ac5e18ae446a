/** The CommonJS modules of the protocol between engine and language host, required as in protocol.ts. */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export const messages =
  require("@pulumi/pulumi/proto/language_pb.js") as typeof import("@pulumi/pulumi/proto/language_pb.js");

export const { LanguageRuntimeService } =
  require("@pulumi/pulumi/proto/language_grpc_pb.js") as typeof import("@pulumi/pulumi/proto/language_grpc_pb.js");

export const { version: sdkVersion } =
  require("@pulumi/pulumi/version.js") as typeof import("@pulumi/pulumi/version.js");
