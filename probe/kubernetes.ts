/** Reads objects from a Kubernetes API with the credentials of a kubeconfig. */
import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const clusterSchema = z.object({
  server: z.url({ protocol: /^https?$/ }),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
  "tls-server-name": z.string().optional(),
});

const userSchema = z.object({
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  exec: z.unknown().optional(),
});

const kubeconfigSchema = z.object({
  "current-context": z.string(),
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }),
  ),
  clusters: z.array(z.object({ name: z.string(), cluster: clusterSchema })),
  users: z.array(z.object({ name: z.string(), user: userSchema })),
});

/** The API cannot be read; the message says why, never with a credential in it. */
export class KubernetesError extends Error {
  override readonly name = "KubernetesError";
}

/** A connection to a Kubernetes API. */
export interface Kubernetes {
  /** Reads an object by its path; undefined when the API has no such path. */
  get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema> | undefined>;
  close(): void;
}

/** Opens the API of a kubeconfig's current context. @throws KubernetesError */
export async function openKubernetes(file: string): Promise<Kubernetes> {
  const { cluster, user } = await readKubeconfig(file);
  const url = new URL(cluster.server);
  const pem = async (data: string | undefined, path: string | undefined) => {
    if (data !== undefined) return Buffer.from(data, "base64");
    return path === undefined ? undefined : readText(resolve(dirname(file), path));
  };
  if (user.exec !== undefined) {
    throw new KubernetesError(
      `${file}: its user runs a program for credentials; give certificates or a token`,
    );
  }
  const [ca, cert, key, token] = await Promise.all([
    pem(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    pem(user["client-certificate-data"], user["client-certificate"]),
    pem(user["client-key-data"], user["client-key"]),
    user.token ?? (user.tokenFile === undefined ? undefined : readText(user.tokenFile)),
  ]);
  const serverName = cluster["tls-server-name"];
  const secure = url.protocol === "https:";
  const agent = secure
    ? new HttpsAgent({
        ca,
        cert,
        key,
        keepAlive: true,
        rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
        ...(serverName === undefined ? {} : { servername: serverName }),
      })
    : new HttpAgent({ keepAlive: true });
  const options: RequestOptions = {
    agent,
    timeout: 3000,
    headers: {
      Accept: "application/json",
      ...(token === undefined ? {} : { Authorization: `Bearer ${token.trim()}` }),
    },
  };
  return {
    async get(path, schema) {
      const target = new URL(`${url.href.replace(/\/$/, "")}${path}`);
      const { status, body } = await fetchText(secure, target, options);
      if (status === 404) return undefined;
      if (status !== 200) throw new KubernetesError(`the API answered ${status} to GET ${path}`);
      const parsed = schema.safeParse(readJson(body));
      if (!parsed.success) throw new KubernetesError(`GET ${path} gave what is not understood`);
      return parsed.data;
    },
    close() {
      agent.destroy();
    },
  };
}

async function readKubeconfig(file: string) {
  let value: unknown;
  try {
    value = parse(await readText(file));
  } catch (error) {
    if (error instanceof KubernetesError) throw error;
    // The parser quotes the text, in which there are keys.
    throw new KubernetesError(`${file} is no YAML`);
  }
  const parsed = kubeconfigSchema.safeParse(value);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new KubernetesError(`${file} is no kubeconfig: look at ${where || "its beginning"}`);
  }
  const config = parsed.data;
  const current = config["current-context"];
  const context = config.contexts.find(({ name }) => name === current)?.context;
  const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config.users.find(({ name }) => name === context?.user)?.user;
  if (cluster === undefined || user === undefined) {
    throw new KubernetesError(`${file}: context "${current}" has no cluster or no user`);
  }
  return { cluster, user };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new KubernetesError(`${path} cannot be read (${code})`);
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fetchText(
  secure: boolean,
  target: URL,
  options: RequestOptions,
): Promise<{ status: number; body: string }> {
  return new Promise((resolveText, reject) => {
    const fail = (error: Error) => {
      reject(new KubernetesError(`the API at ${target.host} does not answer: ${error.message}`));
    };
    const request = (secure ? httpsRequest : httpRequest)(target, options, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", fail);
      response.on("end", () => {
        const body = Buffer.concat(parts).toString("utf8");
        resolveText({ status: response.statusCode ?? 0, body });
      });
    });
    request.on("timeout", () => request.destroy(new Error("no answer within 3 s")));
    request.on("error", fail);
    request.end();
  });
}
