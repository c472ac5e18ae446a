/** Turns a kubeconfig's context into options for HTTPS requests. */
import { spawn, type SpawnOptions } from "node:child_process";
import type { OutgoingHttpHeaders } from "node:http";
import type { RequestOptions } from "node:https";

import { UserError } from "../messages/errors.ts";
import { type KubeconfigSource, type NamedContext, nameOf, readContext } from "./kubeconfig.ts";

/** How to reach one API server. */
export interface Connection {
  readonly server: URL;
  readonly options: Omit<RequestOptions, "headers"> & { headers?: OutgoingHttpHeaders };
}

/** How long an `exec` plugin may run. A sign-in in the browser takes a while. */
const pluginSeconds = 60;

/**
 * Gets credentials for a context, from the kubeconfig or from its `exec` plugin.
 *
 * @param context name of the context. @default the current one
 * @param pluginTimeoutSeconds when the plugin is killed. @default 60
 * @throws UserError
 */
export async function connect(
  source: KubeconfigSource,
  context?: string,
  pluginTimeoutSeconds: number = pluginSeconds,
): Promise<Connection> {
  const current = readContext(source, context);
  const { cluster, user } = current;
  const server = new URL(cluster.server);
  const needsWholeClient = user["auth-provider"] != null || cluster["proxy-url"] !== undefined;
  if (needsWholeClient) return { server, options: await optionsOfClient(current, nameOf(source)) };

  const decode = (data: string | undefined) =>
    data === undefined ? undefined : Buffer.from(data, "base64");
  const headers = user.token === undefined ? {} : { Authorization: `Bearer ${user.token}` };
  const { username, password, as } = user;
  const options: Connection["options"] = {
    agent: false,
    headers: typeof as === "string" ? { ...headers, "Impersonate-User": as } : headers,
    ca: decode(cluster["certificate-authority-data"]),
    cert: decode(user["client-certificate-data"]),
    key: decode(user["client-key-data"]),
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
    ...(cluster["tls-server-name"] !== undefined && { servername: cluster["tls-server-name"] }),
    ...(typeof username === "string" &&
      typeof password === "string" && { auth: `${username}:${password}` }),
  };
  if (user.exec) await applyExec(current, options, pluginTimeoutSeconds);
  return { server, options };
}

/** OIDC and proxies, by the whole client. It takes half a second to load, so only they load it. */
async function optionsOfClient(
  { name, context, cluster, user }: NamedContext,
  path: string,
): Promise<Connection["options"]> {
  const { KubeConfig } = await import("@kubernetes/client-node/dist/config.js");
  const config = new KubeConfig();
  config.loadFromString(
    JSON.stringify({
      "current-context": name,
      contexts: [{ name, context: { ...context, user: "user" } }],
      clusters: [{ name: context.cluster, cluster }],
      users: [{ name: "user", user }],
    }),
  );
  const options: Connection["options"] = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch {
    // The client's message may quote the answer of the identity provider.
    throw new UserError(
      `signing in with the kubeconfig ${path} failed`,
      `run \`kubectl --kubeconfig ${path} get --raw /readyz\` to see why`,
    );
  }
  return options;
}

async function applyExec(
  { cluster, user }: NamedContext,
  options: RequestOptions,
  timeoutSeconds: number,
): Promise<void> {
  const { ExecAuth } = await import("@kubernetes/client-node/dist/exec_auth.js");
  const exec = user.exec ?? { command: "", apiVersion: "" };
  const info = {
    kind: "ExecCredential",
    apiVersion: exec.apiVersion,
    spec: { interactive: false, ...(exec.provideClusterInfo === true && { cluster }) },
  };
  const env = Array.isArray(exec.env) ? (exec.env as unknown[]) : [];
  const described = {
    ...exec,
    env: [...env, { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }],
  };
  const auth = new ExecAuth();
  // The client would wait for ever, and its plugin for input.
  Reflect.set(auth, "execFn", (command: string, args?: string[] | null, more?: SpawnOptions) =>
    spawn(command, args ?? [], {
      ...more,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutSeconds * 1000,
      killSignal: "SIGKILL",
    }),
  );
  const failed = (why: string) =>
    new UserError(
      `"${exec.command}", which the kubeconfig names for signing in, ${why}`,
      `run \`${exec.command}\` by hand, or sign in again with your provider's tool`,
    );
  const started = performance.now();
  try {
    await auth.applyAuthentication({ name: "user", exec: described }, options);
  } catch (error) {
    // What it printed on stdout is a credential, and the parser's message would quote it.
    if (error instanceof SyntaxError || error instanceof TypeError) {
      throw failed("printed no ExecCredential");
    }
    const isLate = performance.now() - started >= timeoutSeconds * 1000;
    if (isLate) throw failed(`did not end within ${timeoutSeconds} s`);
    const said = error instanceof Error ? error.message.trim().slice(0, 300) : "";
    throw failed(said === "" ? "failed" : `failed: ${said}`);
  }
  if (!hasCredential(options)) throw failed("printed no ExecCredential");
}

function hasCredential({ headers, cert }: RequestOptions): boolean {
  return cert !== undefined || (headers !== undefined && "Authorization" in headers);
}
