import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import { parse } from "yaml";

import { asList, asMap, asText, type Properties, type Value } from "../kit/values.ts";

/** How to reach and convince one API server. */
export interface Connection {
  readonly server: string;
  /** The context's namespace, or `default`. */
  readonly namespace: string;
  /** The cluster's entry, by which two kubeconfigs are told apart. */
  readonly cluster: Properties;
  readonly tls: {
    readonly ca?: Buffer;
    readonly cert?: Buffer;
    readonly key?: Buffer;
    readonly servername?: string;
    readonly rejectUnauthorized: boolean;
  };
  /** The Authorization header, asked for at each request: a token file may be rotated. */
  readonly authorization: () => string | undefined;
}

/** What the provider's arguments say about the kubeconfig. */
export interface KubeconfigChoice {
  /** The text itself or the path of a file; without it, $KUBECONFIG or ~/.kube/config. */
  readonly kubeconfig?: Value | undefined;
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
}

/**
 * Reads a kubeconfig and picks the context.
 *
 * @throws {Error} that says what is missing, or what this stand-in does not support.
 */
export function readKubeconfig(choice: KubeconfigChoice): Connection {
  const { content, directory } = locate(choice.kubeconfig);
  const config = asMap(content);
  const contextName = choice.context ?? asText(config["current-context"]) ?? "";
  const context = entry(config, "context", contextName);
  const cluster = entry(config, "cluster", choice.cluster ?? asText(context.cluster) ?? "");
  const user = entry(config, "user", asText(context.user) ?? "");
  for (const refused of ["exec", "auth-provider"]) {
    if (user[refused] !== undefined) {
      throw new Error(
        `the kubeconfig's user gets its credentials by ${JSON.stringify(refused)}, which this stand-in does not run: use a token or a client certificate`,
      );
    }
  }
  const server = asText(cluster.server);
  if (server === undefined) throw new Error("the kubeconfig's cluster has no server");
  const file = (of: Properties, name: string) => dataOf(of, name, directory);
  const ca = file(cluster, "certificate-authority");
  const cert = file(user, "client-certificate");
  const key = file(user, "client-key");
  const servername = asText(cluster["tls-server-name"]);
  return {
    server: server.replace(/\/$/, ""),
    namespace: asText(context.namespace) ?? "default",
    cluster,
    tls: {
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(servername !== undefined && { servername }),
      rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
    },
    authorization: () => authorizationOf(user, directory),
  };
}

function locate(given: Value | undefined): { content: Value; directory: string } {
  if (typeof given === "object" && given !== null) {
    return { content: given, directory: process.cwd() };
  }
  const text = typeof given === "string" ? given : "";
  // A text of several lines is no path, and too long a one is an error to ask the file system about.
  const mayBePath = !text.includes("\n") && !text.trimStart().startsWith("{");
  if (!mayBePath) return { content: parse(text) as Value, directory: process.cwd() };
  const files = (text || process.env.KUBECONFIG || path.join(homedir(), ".kube", "config"))
    .split(path.delimiter)
    .filter((name) => name !== "");
  if (files.length > 1) {
    throw new Error(
      `KUBECONFIG names ${files.length} files, which this stand-in does not merge: write them into one with kubectl config view --flatten`,
    );
  }
  const file = (files[0] ?? "").replace(/^~(?=$|\/)/, homedir());
  if (!existsSync(file)) throw new Error(`there is no kubeconfig at ${file}`);
  return { content: parse(readFileSync(file, "utf8")) as Value, directory: path.dirname(file) };
}

function entry(config: Properties, kind: "context" | "cluster" | "user", name: string): Properties {
  const entries = asList(config[`${kind}s`]).map(asMap);
  const found = entries.find((candidate) => candidate.name === name);
  if (!found) {
    const names = entries.map((candidate) => String(asText(candidate.name))).join(", ");
    throw new Error(
      `the kubeconfig has no ${kind} named ${JSON.stringify(name)}: it has ${names || "none"}`,
    );
  }
  return asMap(found[kind]);
}

/** Embedded data comes before a path, which is relative to the kubeconfig. */
function dataOf(of: Properties, name: string, directory: string): Buffer | undefined {
  const data = asText(of[`${name}-data`]);
  if (data !== undefined && data !== "") return Buffer.from(data, "base64");
  const file = asText(of[name]);
  return file === undefined || file === ""
    ? undefined
    : readFileSync(path.resolve(directory, file));
}

function authorizationOf(user: Properties, directory: string): string | undefined {
  const file = asText(user.tokenFile);
  const token =
    asText(user.token) ??
    (file === undefined ? undefined : readFileSync(path.resolve(directory, file), "utf8").trim());
  if (token !== undefined) return `Bearer ${token}`;
  const name = asText(user.username);
  if (name === undefined) return undefined;
  return `Basic ${Buffer.from(`${name}:${asText(user.password) ?? ""}`).toString("base64")}`;
}
