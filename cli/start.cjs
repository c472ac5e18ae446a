"use strict";
/**
 * Runs before every `npm run …` command. Installs the npm packages when they are missing or stale,
 * then starts `cli/main.ts` on the project's Node. Nothing may be installed yet, so this file is
 * plain JavaScript for Node 16 and later.
 */
const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { clearInterval, setInterval } = require("node:timers");

const root = path.dirname(__dirname);
const oldestNode = [22, 18];

/** Why the packages must be installed, or undefined when node_modules matches the lockfile. */
function whyInstall(folder) {
  const locked = readJson(path.join(folder, "package-lock.json"));
  const installed = readJson(path.join(folder, "node_modules", ".package-lock.json"));
  if (locked === undefined) return undefined;
  if (installed === undefined) return "they are missing";
  const stale = Object.entries(locked.packages).find(([where, wanted]) => {
    const got = installed.packages[where];
    if (where === "") return false;
    return got === undefined ? wanted.optional !== true : got.version !== wanted.version;
  });
  return stale === undefined ? undefined : `${stale[0].replace(/^.*node_modules\//, "")} changed`;
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** The error and its fix for a failed `npm ci`, on one line each. */
function installFault(output, registry) {
  const says = (pattern) => pattern.test(output);
  if (says(/ENOSPC|no space left/i)) {
    return withFix(`no space left for the npm packages in ${root}`, "free 1 GB there");
  }
  if (says(/EACCES|EPERM|EROFS/)) {
    return withFix(`npm may not write to ${root}`, "make the folder yours with `chown -R`");
  }
  if (
    says(/ENOTCACHED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ECONN|ENETUNREACH|EHOSTUNREACH|network|timeout/i)
  ) {
    return withFix(
      `the npm registry ${registry} does not answer`,
      "check the connection, or name another registry with `npm config set registry URL`",
    );
  }
  const absent = /404 Not Found - GET (\S+)/.exec(output);
  if (absent !== null) {
    return withFix(
      `the npm registry ${registry} has no ${absent[1]}`,
      "name a registry that has it with `npm config set registry URL`",
    );
  }
  if (says(/EUSAGE[\s\S]*in sync/)) {
    return withFix("package.json and package-lock.json do not agree", "run `npm install`");
  }
  const last = output.split("\n").filter((line) => /^npm (error|ERR!)/.test(line));
  const text = last.map((line) => line.replace(/^npm (error|ERR!)\s*/, "")).filter(Boolean);
  const reason = text.slice(0, 2).join("; ") || "no message";
  return withFix(`npm ci failed: ${reason}`, "run `npm ci` to see its whole output");
}

function withFix(message, fix) {
  return `${message}\nFix: ${fix}, then run this again`;
}

function npm(args) {
  const own = process.env.npm_execpath;
  return own !== undefined && /npm-cli\.[cm]?js$/.test(own)
    ? [process.execPath, [own, ...args]]
    : ["npm", args];
}

function registryAnswers() {
  const [command, args] = npm(["view", "commander", "version"]);
  const short = ["--fetch-timeout=15000", "--fetch-retries=0"];
  return spawnSync(command, [...args, ...short], { cwd: root, stdio: "ignore" }).status === 0;
}

function install(reason) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const live = process.stderr.isTTY === true;
  const line = `installing npm packages (${reason})`;
  process.stderr.write(live ? line : `${line}\n`);
  const tick = setInterval(() => {
    if (live) process.stderr.write(`\r${line} ${seconds()} s`);
  }, 1000);
  // npm's cache may be enough without a registry. Offline, npm does not wait for one.
  const silent = registryAnswers() ? [] : ["--offline"];
  const [command, args] = npm(["ci", "--loglevel=error", "--prefer-offline", ...silent]);
  let output = "";
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  return new Promise((resolve) => {
    const end = (failed) => {
      clearInterval(tick);
      if (live) process.stderr.write("\r\u001b[K");
      if (!failed) process.stderr.write(`installed npm packages in ${seconds()} s\n`);
      resolve(!failed);
    };
    child.on("error", () => {
      end(true);
      fail(withFix("npm is not on PATH", "install Node 20 or newer together with npm"));
    });
    child.on("exit", (code) => {
      end(code !== 0);
      if (code === 0) return;
      const get = npm(["config", "get", "registry"]);
      const registry = String(spawnSync(get[0], get[1], { cwd: root }).stdout ?? "").trim();
      fail(installFault(output, registry));
    });
  });
}

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 1;
}

/** The Node that npm installed for this machine, else the running one if it is new enough. */
function chooseNode(folder, version, execPath) {
  const own = path.join(folder, "node_modules", ".bin", "node");
  if (fs.existsSync(own)) return own;
  const [major, minor] = version.split(".").map(Number);
  const enough = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return enough ? execPath : undefined;
}

function handOver(args) {
  const node = chooseNode(root, process.versions.node, process.execPath);
  if (node === undefined) {
    const platform = `${process.platform}-${process.arch}`;
    fail(
      withFix(
        `npm has no Node for ${platform}, and Node ${process.versions.node} is too old`,
        `install Node ${oldestNode.join(".")} or newer`,
      ),
    );
    return;
  }
  const bin = path.join(root, "node_modules", ".bin");
  const env = {
    ...process.env,
    PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}`,
    NODE_COMPILE_CACHE:
      process.env.NODE_COMPILE_CACHE ?? path.join(root, "node_modules", ".cache", "compile"),
  };
  const lazySdk = path.join(__dirname, "stack", "lazySdk.cjs");
  const argv = ["--require", lazySdk, path.join(__dirname, "main.ts"), ...args];
  const child = spawn(node, argv, { stdio: "inherit", env });
  // On a terminal the kernel sends Ctrl-C to the whole group. Other signals are forwarded.
  process.on("SIGINT", () => process.stdin.isTTY === true || child.kill("SIGINT"));
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (os.constants.signals[signal] ?? 1);
  });
  child.on("error", (error) =>
    fail(withFix(`${node} does not start: ${error.message}`, "run `npm ci`")),
  );
}

async function main() {
  const reason = whyInstall(root);
  if (reason !== undefined && !(await install(reason))) return;
  handOver(process.argv.slice(2));
}

if (require.main === module) void main();
module.exports = { whyInstall, installFault, chooseNode };
