import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import { UserError } from "../../messages/errors.ts";
import { asList, asMap, asText, at, type Properties, type Value } from "../kit/values.ts";

/** What one request proves its identity with. */
export interface Credentials {
  /** The Authorization header. */
  readonly authorization?: string;
  /** A client certificate and its key. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** A sign-in in the browser takes a while. */
const timeoutMilliseconds = 120_000;

/** Credentials from the program that a kubeconfig's `exec` entry names. It runs again when they expire. */
export function execCredentials(
  exec: Properties,
  cluster: Properties,
  directory: string,
): () => Promise<Credentials> {
  let current: Promise<Properties> | undefined;
  let expires = Infinity;
  return async () => {
    if (Date.now() >= expires) current = undefined;
    current ??= runProgram(exec, cluster, directory);
    try {
      const status = await current;
      expires = Date.parse(asText(status.expirationTimestamp) ?? "") || Infinity;
      return credentialsIn(status);
    } catch (error) {
      current = undefined;
      throw error;
    }
  };
}

async function runProgram(
  exec: Properties,
  cluster: Properties,
  directory: string,
): Promise<Properties> {
  const command = asText(exec.command) ?? "";
  const program = command.includes("/") ? path.resolve(directory, command) : command;
  const failed = (why: string) =>
    new UserError(
      `the kubeconfig's credential program ${JSON.stringify(command)} ${why}`,
      asText(exec.installHint)?.trim() ?? `run ${command} by hand, or sign in with your provider`,
    );
  const run = promisify(execFile)(program, asList(exec.args).map(String), {
    env: environmentOf(exec, cluster),
    timeout: timeoutMilliseconds,
    killSignal: "SIGKILL",
  });
  run.child.stdin?.end();
  let printed: string;
  try {
    printed = (await run).stdout;
  } catch (error) {
    const { code, killed, stderr } = error as { code?: unknown; killed?: boolean; stderr?: string };
    if (code === "ENOENT") throw failed("is not installed");
    if (killed) throw failed(`did not end within ${timeoutMilliseconds / 1000} s`);
    throw failed(`failed: ${stderr?.trim().slice(0, 300) ?? ""}`);
  }
  // The output holds a credential, so no message may quote it.
  const status = statusIn(printed);
  if (!status) throw failed("printed no ExecCredential");
  return status;
}

function environmentOf(exec: Properties, cluster: Properties): NodeJS.ProcessEnv {
  const variables = asList(exec.env).map(asMap);
  const extension = asList(cluster.extensions)
    .map(asMap)
    .find(({ name }) => name === "client.authentication.k8s.io/exec");
  const described = {
    server: cluster.server,
    "tls-server-name": cluster["tls-server-name"],
    "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"],
    "certificate-authority-data": cluster["certificate-authority-data"],
    config: extension?.extension,
  };
  return {
    ...process.env,
    ...Object.fromEntries(
      variables.map(({ name, value }) => [asText(name) ?? "", asText(value) ?? ""]),
    ),
    KUBERNETES_EXEC_INFO: JSON.stringify({
      kind: "ExecCredential",
      apiVersion: exec.apiVersion,
      spec: { interactive: false, ...(exec.provideClusterInfo === true && { cluster: described }) },
    }),
  };
}

function statusIn(printed: string): Properties | undefined {
  try {
    const status = asMap(at(JSON.parse(printed) as Value, "status"));
    return "token" in status || "clientCertificateData" in status ? status : undefined;
  } catch {
    return undefined;
  }
}

function credentialsIn(status: Properties): Credentials {
  const token = asText(status.token);
  const cert = asText(status.clientCertificateData);
  const key = asText(status.clientKeyData);
  return {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(cert !== undefined && { cert: Buffer.from(cert) }),
    ...(key !== undefined && { key: Buffer.from(key) }),
  };
}
