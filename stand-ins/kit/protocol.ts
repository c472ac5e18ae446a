/**
 * The CommonJS modules of the engine's protocol that every stand-in needs.
 *
 * They are required, because Node compiles and scans an imported CommonJS module for its exports first. That
 * takes a fifth of a plugin's start.
 */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export const grpc = require("@grpc/grpc-js") as typeof import("@grpc/grpc-js");

export const { Empty } =
  require("google-protobuf/google/protobuf/empty_pb.js") as typeof import("google-protobuf/google/protobuf/empty_pb.js");

export const { PluginInfo, PackageDependency } =
  require("@pulumi/pulumi/proto/plugin_pb.js") as typeof import("@pulumi/pulumi/proto/plugin_pb.js");
