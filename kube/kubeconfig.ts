/** Reads a context of a kubeconfig, as kubectl does. `~` works in every path. */
import { accessSync, constants, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";

import { parse, stringify } from "yaml";
import { z } from "zod";

import { UserError } from "../messages/errors.ts";

const clusterSchema = z.looseObject({
  server: z.url(),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
  "tls-server-name": z.string().optional(),
  "proxy-url": z.string().optional(),
});
const execSchema = z.looseObject({
  apiVersion: z.string(),
  command: z.string().min(1),
  installHint: z.string().nullish(),
  provideClusterInfo: z.boolean().nullish(),
});
const userSchema = z.looseObject({
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  exec: execSchema.nullish(),
  "auth-provider": z.looseObject({ name: z.string() }).nullish(),
});
const contextSchema = z.looseObject({ cluster: z.string(), user: z.string().optional() });
const schema = z.looseObject({
  "current-context": z.string().optional(),
  contexts: z.array(z.looseObject({ name: z.string(), context: contextSchema })),
  clusters: z.array(z.looseObject({ name: z.string(), cluster: clusterSchema })),
  users: z.array(z.looseObject({ name: z.string(), user: userSchema })).nullish(),
});

/** How a context reaches its API server. */
export type Cluster = z.output<typeof clusterSchema>;

/** How a context signs in. */
export type User = z.output<typeof userSchema>;

/** A context with every file embedded and every path absolute. */
export interface NamedContext {
  readonly name: string;
  readonly context: z.output<typeof contextSchema>;
  readonly cluster: Cluster;
  readonly user: User;
}

/** The path of a kubeconfig, or its content when the state is where it is recorded. */
export type KubeconfigSource = string | { readonly text: string };

/** A kubeconfig's name in messages. */
export const nameOf = (source: KubeconfigSource): string =>
  typeof source === "string" ? source : "in the state";

/**
 * Reads a context of a kubeconfig.
 *
 * @param wanted name of the context. @default the current one
 * @throws UserError
 */
export function readContext(source: KubeconfigSource, wanted?: string): NamedContext {
  if (source === "") throw new UserError("no kubeconfig is given", "set KUBECONFIG to its path");
  const path = nameOf(source);
  const file = expandPath(path, process.cwd());
  const text = typeof source === "string" ? readText(file, path) : source.text;
  const { contexts, clusters, users, "current-context": current } = parseKubeconfig(path, text);
  const name = wanted ?? current ?? "";
  const found = contexts.find((entry) => entry.name === name)?.context;
  if (found === undefined) throw noContext(path, wanted, current, contexts);
  const cluster = clusters.find((entry) => entry.name === found.cluster)?.cluster;
  const user =
    found.user === undefined ? {} : users?.find((entry) => entry.name === found.user)?.user;
  if (cluster === undefined || user === undefined) {
    throw new UserError(
      `context "${name}" of the kubeconfig ${path} is incomplete`,
      "write the context again with the tool that made it, or choose another one",
    );
  }
  const read = (named: string) => readText(expandPath(named, dirname(file)), path);
  return {
    name,
    context: found,
    cluster: embed(cluster, ["certificate-authority"], read),
    user: resolveUser(embed(user, ["client-certificate", "client-key"], read), file, read),
  };
}

/**
 * One context alone as YAML that works from any directory. Certificates are inside, the command of an
 * `exec` entry has an absolute path or is on PATH.
 *
 * @param wanted name of the context. @default the current one
 * @throws UserError
 */
export function selfContained(path: string, wanted?: string): string {
  const { name, context, cluster, user } = readContext(path, wanted);
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { ...context, user: context.user ?? "none" } }],
    clusters: [{ name: context.cluster, cluster }],
    users: [{ name: context.user ?? "none", user }],
  });
}

/** The path with `~` replaced by the home directory, absolute. */
export function expandPath(path: string, directory: string): string {
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(directory, path);
}

function noContext(
  path: string,
  wanted: string | undefined,
  current: string | undefined,
  contexts: readonly { readonly name: string }[],
): UserError {
  const names = contexts.map(({ name }) => `"${name}"`).join(", ") || "none";
  if (wanted !== undefined) {
    return new UserError(
      `the kubeconfig ${path} has no context "${wanted}". It has ${names}`,
      "restore the context. If it was renamed, set `context` of provenet:cluster to the new name",
    );
  }
  return new UserError(
    current === undefined || current === ""
      ? `the kubeconfig ${path} has no current context. It has ${names}`
      : `the current context "${current}" of the kubeconfig ${path} does not exist. It has ${names}`,
    "choose a context with `kubectl config use-context NAME`",
  );
}

function parseKubeconfig(path: string, text: string): z.output<typeof schema> {
  const refuse = (reason: string) =>
    new UserError(
      `${path} is not a usable kubeconfig: ${reason}`,
      "write it again with the tool that made it, such as `minikube update-context`",
    );
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    // The parser's message quotes the file, which holds credentials.
    throw refuse("it is not YAML");
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refuse(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

/** Replaces `FIELD: path` by `FIELD-data: base64`, which wins where both are there. */
function embed<Bag extends Cluster | User>(
  bag: Bag,
  fields: readonly string[],
  read: (path: string) => string,
): Bag {
  const embedded: Record<string, unknown> = { ...bag };
  for (const field of fields) {
    const path = bag[field];
    const inline = `${field}-data`;
    if (typeof path === "string" && embedded[inline] === undefined) {
      embedded[inline] = Buffer.from(read(path)).toString("base64");
    }
    Reflect.deleteProperty(embedded, field);
  }
  return embedded as Bag;
}

function resolveUser(user: User, file: string, read: (path: string) => string): User {
  const { tokenFile, exec, ...rest } = user;
  return {
    ...rest,
    ...(tokenFile !== undefined && { token: read(tokenFile).trim() }),
    ...(exec && { exec: { ...exec, command: resolveCommand(exec, file) } }),
  };
}

/** A command without a slash is looked up on PATH, any other from the kubeconfig's directory. */
function resolveCommand(
  { command, installHint }: z.output<typeof execSchema>,
  file: string,
): string {
  const isPath = command.includes("/");
  const candidates = isPath
    ? [expandPath(command, dirname(file))]
    : (process.env.PATH ?? "").split(delimiter).map((directory) => join(directory, command));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return isPath ? found : command;
  throw new UserError(
    `the kubeconfig ${file} signs in with "${command}", which is not installed`,
    installHint?.trim() ?? `install ${command}, or correct \`exec.command\` in the kubeconfig`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readText(file: string, kubeconfig: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const isItself = file === expandPath(kubeconfig, process.cwd());
    throw new UserError(
      isItself
        ? `the kubeconfig ${kubeconfig} cannot be read (${code})`
        : `${file}, which the kubeconfig ${kubeconfig} names, cannot be read (${code})`,
      isItself ? "create the cluster, or correct the path" : "correct the path in the kubeconfig",
    );
  }
}
