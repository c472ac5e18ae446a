/**
 * Import this before `@pulumi/policy`. The policy SDK requires all of `@pulumi/pulumi` and uses two
 * parts of it. The rest, such as the Automation API, takes most of the pack's start. This module
 * puts an object in its place that loads a part on first use, and everything for any other name.
 */
import Module, { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const root = require.resolve("@pulumi/pulumi");

const parts: Readonly<Record<PropertyKey, (() => unknown) | undefined>> = {
  asset: () => require("@pulumi/pulumi/asset") as unknown,
  Output: () => (require("@pulumi/pulumi/output") as { Output: unknown }).Output,
};

function everything(): object {
  Reflect.deleteProperty(require.cache, root);
  return require(root) as object;
}

const standIn = new Module(root);
standIn.loaded = true;
standIn.exports = new Proxy(
  {},
  {
    get: (_, name): unknown => {
      const part = parts[name];
      return part === undefined ? Reflect.get(everything(), name) : part();
    },
  },
);
require.cache[root] ??= standIn;
