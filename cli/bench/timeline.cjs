"use strict";
/**
 * Writes down when a Node process starts, loads Pulumi's SDK, prints its first line and ends. Node
 * takes this file as `--require`. Each event is one line of JSON in the file that
 * PROVENET_TIMELINE names.
 */
const fs = require("node:fs");
const Module = require("node:module");
const { performance } = require("node:perf_hooks");

const file = process.env.PROVENET_TIMELINE;
const sdk = /[\\/]node_modules[\\/]@pulumi[\\/]/;
const now = () => performance.timeOrigin + performance.now();

function write(event) {
  const { user, system } = process.cpuUsage();
  const processor = (user + system) / 1000;
  const line = { pid: process.pid, script: process.argv[1] ?? "", processor, ...event };
  fs.appendFileSync(file, `${JSON.stringify(line)}\n`);
}

if (file !== undefined && process.argv[1] !== undefined) {
  write({ kind: "start", from: performance.timeOrigin, to: now() });

  const load = Module._load;
  let inside = false;
  Module._load = function (request, parent, isMain) {
    const name = inside ? "" : resolved(request, parent);
    if (!sdk.test(name) || require.cache[name]?.loaded === true) {
      return load.call(this, request, parent, isMain);
    }
    inside = true;
    const from = now();
    try {
      return load.call(this, request, parent, isMain);
    } finally {
      inside = false;
      write({ kind: "sdk", from, to: now() });
    }
  };

  const print = process.stdout.write;
  process.stdout.write = function (...args) {
    process.stdout.write = print;
    write({ kind: "ready", from: performance.timeOrigin, to: now() });
    return print.apply(this, args);
  };

  process.on("exit", () => {
    write({ kind: "end", from: performance.timeOrigin, to: now() });
  });
}

function resolved(request, parent) {
  try {
    return Module._resolveFilename(request, parent);
  } catch {
    return "";
  }
}
