"use strict";
/**
 * Loads some imports of Pulumi's Node SDK only when something calls them. These are the TypeScript
 * compiler, npm's dependency solver, the Automation API in the program, the tracing exporters and
 * the debugger session. Program and policy pack then start in half the time. Node takes this file as
 * `--require`. It is plain JavaScript for any Node, because the engine passes its variables to every
 * program that it starts.
 */
const { createRequire, registerHooks } = require("node:module");
const { URLSearchParams } = require("node:url");

const sdk = "/node_modules/@pulumi/pulumi/";
const scheme = "provenet-lazy:";

/** Loads the module when one of its members is read. */
const onRead = (name, load) =>
  new Proxy(
    {},
    {
      get: (_target, member) => {
        // The SDK copies the members of what is no ES module, which would read them all.
        if (member === "__esModule") return true;
        // The SDK logs the compiler's version without using the compiler.
        return name === "typescript" && member === "version" ? "0.0.0" : load()[member];
      },
    },
  );

/** Loads the module when one of its members is called: the SDK reads them all at its start. */
const onCall = (_name, load) =>
  new Proxy(
    {},
    {
      get: (_target, member) =>
        function (...args) {
          return new.target ? new (load()[member])(...args) : load()[member](...args);
        },
    },
  );

/** Loads the module, which is one function, when that is called. */
const onOwnCall =
  (_name, load) =>
  (...args) =>
    load()(...args);

/** What the SDK gets instead of a module that it asks for by this name. */
const replacements = {
  "./automation": onRead,
  "@npmcli/arborist": onRead,
  "normalize-package-data": onOwnCall,
  typescript: onRead,
  // The policy pack's runner registers it, although Node runs the pack's TypeScript itself.
  "ts-node": () => ({ VERSION: "none", register: () => undefined }),
  // Node keeps the lines of the TypeScript it runs. The mapping would be done for each promise.
  "source-map-support/register": () => ({}),
  // The session is started again by the first function that is serialized.
  "../../runtime/closure/v8Hooks": () => ({ isInitializedAsync: () => Promise.resolve() }),
  ...Object.fromEntries(
    [
      "exporter-zipkin",
      "instrumentation",
      "instrumentation-grpc",
      "resources",
      "sdk-trace-base",
      "sdk-trace-node",
    ].map((name) => [`@opentelemetry/${name}`, onCall]),
  ),
};

/** Modules that something has called. */
const called = new Set();

function create(name, parent) {
  const load = () => {
    called.add(name);
    // By its path, since Node remembers what the name led to.
    return require(createRequire(parent).resolve(name));
  };
  return replacements[name](name, load);
}

// Older Nodes have no hooks and load everything.
registerHooks?.({
  resolve(name, context, next) {
    const { parentURL = "" } = context;
    const replaced = Object.hasOwn(replacements, name) && !called.has(name);
    if (!replaced || !parentURL.includes(sdk)) return next(name, context);
    const query = new URLSearchParams({ name, parent: parentURL });
    return { url: `${scheme}${query}`, format: "commonjs", shortCircuit: true };
  },
  load(url, context, next) {
    if (!url.startsWith(scheme)) return next(url, context);
    const query = new URLSearchParams(url.slice(scheme.length));
    const [file, name, parent] = [module.filename, query.get("name"), query.get("parent")].map(
      (text) => JSON.stringify(text),
    );
    const source = `module.exports = require(${file}).create(${name}, ${parent});`;
    return { format: "commonjs", source, shortCircuit: true };
  },
});

module.exports = { create, replacements: Object.keys(replacements) };
