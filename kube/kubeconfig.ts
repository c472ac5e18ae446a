/** Reads what a kubeconfig's current context says, so that nothing but Node is needed. */
import { chmodSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

import { parse, stringify } from "yaml";
import { z } from "zod";

/** A kubeconfig that cannot be used. Its message says which, why and what to do. */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
}

/** How to reach one API server. */
export interface Connection {
  readonly server: URL;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
  /** Name that the server's certificate is for, where it is not the one in `server`. */
  readonly serverName?: string;
  /** The kubeconfig says to trust whoever answers. */
  readonly insecure?: boolean;
}

const clusterSchema = z.looseObject({
  server: z.url(),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
  "tls-server-name": z.string().optional(),
});
const userSchema = z.looseObject({
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  exec: z.unknown().optional(),
});
const schema = z.looseObject({
  "current-context": z.string().min(1),
  contexts: z.array(
    z.looseObject({
      name: z.string(),
      context: z.looseObject({ cluster: z.string(), user: z.string() }),
    }),
  ),
  clusters: z.array(z.looseObject({ name: z.string(), cluster: clusterSchema })),
  users: z.array(z.looseObject({ name: z.string(), user: userSchema })),
});

type Cluster = z.output<typeof clusterSchema>;
type User = z.output<typeof userSchema>;

/** Reads the file, and keeps it from everybody but its owner. */
export function readPrivateFile(file: string): string {
  const text = readText(file, file);
  chmodSync(file, 0o600);
  return text;
}

/**
 * The current context alone, with every certificate inside, as YAML.
 *
 * @throws KubeconfigError when it is missing, broken, or asks another program for credentials.
 */
export function selfContained(file: string): string {
  const { context, cluster, user } = currentContext(file);
  const clusterData = embed(file, cluster, ["certificate-authority"]);
  const userData = embed(file, user, ["client-certificate", "client-key"]);
  if (userData.tokenFile !== undefined) {
    userData.token = readText(resolve(file, userData.tokenFile), file).trim();
    delete userData.tokenFile;
  }
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": context.name,
    contexts: [context],
    clusters: [{ name: context.context.cluster, cluster: clusterData }],
    users: [{ name: context.context.user, user: userData }],
  });
}

/** How the file's current context reaches its cluster. */
export function readConnection(file: string): Connection {
  const { cluster, user } = currentContext(file);
  const data = (bag: Cluster | User, field: string): string | undefined => {
    const inline = bag[`${field}-data`];
    if (typeof inline === "string") return Buffer.from(inline, "base64").toString("utf8");
    const path = bag[field];
    return typeof path === "string" ? readText(resolve(file, path), file) : undefined;
  };
  const ca = data(cluster, "certificate-authority");
  const certificate = data(user, "client-certificate");
  const key = data(user, "client-key");
  const token =
    user.token ?? (user.tokenFile && readText(resolve(file, user.tokenFile), file).trim());
  return {
    server: new URL(cluster.server),
    ...(ca !== undefined && { ca }),
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key }),
    ...(token !== undefined && { token }),
    ...(cluster["tls-server-name"] !== undefined && { serverName: cluster["tls-server-name"] }),
    ...(cluster["insecure-skip-tls-verify"] === true && { insecure: true }),
  };
}

function currentContext(file: string) {
  let value: unknown;
  try {
    value = parse(readText(file, file));
  } catch (error) {
    if (error instanceof KubeconfigError) throw error;
    throw new KubeconfigError(`${file} is not YAML; write a kubeconfig there`);
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new KubeconfigError(
      `${file} is no usable kubeconfig: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
    );
  }
  const { contexts, clusters, users, "current-context": name } = result.data;
  const context = contexts.find((entry) => entry.name === name);
  const cluster = clusters.find((entry) => entry.name === context?.context.cluster)?.cluster;
  const user = users.find((entry) => entry.name === context?.context.user)?.user;
  if (!context || !cluster || !user) {
    throw new KubeconfigError(
      `${file} has no whole context "${name}"; choose one with kubectl config use-context`,
    );
  }
  if (user.exec !== undefined) {
    throw new KubeconfigError(
      `${file} asks another program for credentials (exec); write a kubeconfig with a token or a client certificate`,
    );
  }
  return { context, cluster, user };
}

function embed<Bag extends Cluster | User>(file: string, bag: Bag, fields: readonly string[]): Bag {
  const embedded: Record<string, unknown> = { ...bag };
  for (const field of fields) {
    const path = bag[field];
    const inline = `${field}-data`;
    if (typeof path === "string" && embedded[inline] === undefined) {
      embedded[inline] = Buffer.from(readText(resolve(file, path), file)).toString("base64");
    }
    Reflect.deleteProperty(embedded, field);
  }
  return embedded as Bag;
}

const resolve = (file: string, path: string): string =>
  isAbsolute(path) ? path : join(dirname(file), path);

function readText(path: string, kubeconfig: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const where = path === kubeconfig ? kubeconfig : `${path}, which ${kubeconfig} names,`;
    throw new KubeconfigError(`${where} cannot be read (${code}); does the cluster exist?`);
  }
}
