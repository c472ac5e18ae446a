"use strict";
/**
 * Makes google-protobuf build a message in linear time. The package keeps each message as an array
 * too, and completes the arrays of everything inside a message whenever that becomes a field of
 * another one. For a value as deep as a CRD's schema this is quadratic. Here the arrays are
 * completed when they are read. Node takes this file as `--require`.
 */
const { readFileSync } = require("node:fs");
const { registerHooks } = require("node:module");
const { fileURLToPath } = require("node:url");

/** Methods that read the arrays, of the class and of its instances. */
const readers = ["toArray", "toString", "clone", "cloneMessage"];
const staticReaders = ["clone", "cloneMessage", "equals", "compareFields", "difference"];

/** Changes the class of all messages. Does nothing to a package that is built in another way. */
function deferArrays({ Message }) {
  const { prototype } = Message;
  const complete = prototype.toArray;
  // The package calls the method by its minified name.
  const minified = Object.keys(prototype).find(
    (name) => name !== "toArray" && prototype[name] === complete,
  );
  const array = arrayOf(Message);
  if (minified === undefined || array === undefined) return;
  let reading = 0;
  prototype[minified] = function () {
    return reading === 0 ? this[array] : complete.call(this);
  };
  const asReader = (method) =>
    function (...args) {
      reading += 1;
      try {
        return method.apply(this, args);
      } finally {
        reading -= 1;
      }
    };
  for (const name of readers) prototype[name] = asReader(prototype[name]);
  for (const name of staticReaders) Message[name] = asReader(Message[name]);
}

/** Name of the property with a message's array. */
function arrayOf(Message) {
  const message = Object.create(Message.prototype);
  Message.initialize(message, [], 0, -1, null, null);
  const array = message.toArray();
  return Object.keys(message).find((name) => message[name] === array);
}

// Older Nodes have no hooks and keep the package as it is.
registerHooks?.({
  load(url, context, next) {
    if (!url.endsWith("/google-protobuf/google-protobuf.js")) return next(url, context);
    const source = readFileSync(fileURLToPath(url), "utf8");
    const call = `require(${JSON.stringify(module.filename)}).deferArrays(module.exports);`;
    return { format: "commonjs", source: `${source}\n${call}\n`, shortCircuit: true };
  },
});

module.exports = { deferArrays };
