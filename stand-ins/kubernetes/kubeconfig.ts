import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import { parse } from "yaml";

import { UserError } from "../../messages/errors.ts";
import { asList, asMap, asText, type Properties, type Value } from "../kit/values.ts";
import { execCredentials, type Credentials } from "./execCredential.ts";

/** Address, trust and credentials of one API server. */
export interface Connection {
  readonly server: string;
  /** The context's namespace, or `default`. */
  readonly namespace: string;
  /** The cluster's entry. Kubeconfigs with equal entries name the same cluster. */
  readonly cluster: Properties;
  readonly tls: {
    readonly ca?: Buffer;
    readonly cert?: Buffer;
    readonly key?: Buffer;
    readonly servername?: string;
    readonly rejectUnauthorized: boolean;
  };
  /** Read for each request, because a token file may be rotated. */
  readonly credentials: () => Promise<Credentials>;
}

/** What the provider's arguments say about the kubeconfig. */
export interface KubeconfigChoice {
  /** A kubeconfig or the path of one. @default $KUBECONFIG or ~/.kube/config */
  readonly kubeconfig?: Value | undefined;
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
}

/**
 * Reads a kubeconfig and picks the context.
 *
 * @throws {UserError} when an entry is missing or not supported.
 */
export function readKubeconfig(choice: KubeconfigChoice): Connection {
  const { content, directory } = locate(choice.kubeconfig);
  const config = asMap(content);
  const contextName = choice.context ?? asText(config["current-context"]) ?? "";
  const context = entry(config, "context", contextName);
  const cluster = entry(config, "cluster", choice.cluster ?? asText(context.cluster) ?? "");
  const user = entry(config, "user", asText(context.user) ?? "");
  if (user["auth-provider"] !== undefined) {
    throw new UserError(
      "the kubeconfig's user has an auth-provider, which kubectl removed in version 1.26",
      "use an exec program, a token or a client certificate",
    );
  }
  const server = asText(cluster.server);
  if (server === undefined) {
    throw new UserError("the kubeconfig's cluster has no server", "add its URL as server");
  }
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
    credentials:
      user.exec === undefined
        ? async () => Promise.resolve(credentialsOf(user, directory))
        : execCredentials(asMap(user.exec), cluster, directory),
  };
}

function locate(given: Value | undefined): { content: Value; directory: string } {
  if (typeof given === "object" && given !== null) {
    return { content: given, directory: process.cwd() };
  }
  const text = typeof given === "string" ? given : "";
  const mayBePath = !text.includes("\n") && !text.trimStart().startsWith("{");
  if (!mayBePath) return { content: parse(text) as Value, directory: process.cwd() };
  const files = (text || process.env.KUBECONFIG || path.join(homedir(), ".kube", "config"))
    .split(path.delimiter)
    .filter((name) => name !== "");
  if (files.length > 1) {
    throw new UserError(
      `KUBECONFIG names ${files.length} files, which this stand-in does not merge`,
      "merge them with kubectl config view --flatten",
    );
  }
  const file = (files[0] ?? "").replace(/^~(?=$|\/)/, homedir());
  if (!existsSync(file)) {
    throw new UserError(
      `there is no kubeconfig at ${file}`,
      "create the cluster, or correct the path",
    );
  }
  return { content: parse(readFileSync(file, "utf8")) as Value, directory: path.dirname(file) };
}

function entry(config: Properties, kind: "context" | "cluster" | "user", name: string): Properties {
  const entries = asList(config[`${kind}s`]).map(asMap);
  const found = entries.find((candidate) => candidate.name === name);
  if (!found) {
    const names = entries.map((candidate) => String(asText(candidate.name))).join(", ");
    throw new UserError(
      `the kubeconfig has no ${kind} named ${JSON.stringify(name)}. It has ${names || "none"}`,
      `use one of these names, or add the ${kind}`,
    );
  }
  return asMap(found[kind]);
}

/** Embedded data, or the file at a path relative to the kubeconfig. */
function dataOf(of: Properties, name: string, directory: string): Buffer | undefined {
  const data = asText(of[`${name}-data`]);
  if (data !== undefined && data !== "") return Buffer.from(data, "base64");
  const file = asText(of[name]);
  return file === undefined || file === ""
    ? undefined
    : readFileSync(path.resolve(directory, file));
}

function credentialsOf(user: Properties, directory: string): Credentials {
  const file = asText(user.tokenFile);
  const token =
    asText(user.token) ??
    (file === undefined ? undefined : readFileSync(path.resolve(directory, file), "utf8").trim());
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  const name = asText(user.username);
  if (name === undefined) return {};
  const encoded = Buffer.from(`${name}:${asText(user.password) ?? ""}`).toString("base64");
  return { authorization: `Basic ${encoded}` };
}
