/** Asks a Kubernetes API with the credentials of a kubeconfig. No message contains a credential. */
import * as http from "node:http";
import * as https from "node:https";

import pRetry from "p-retry";
import { z } from "zod";

import { CouldNotAsk, UserError } from "../messages/errors.ts";
import { connect, type Connection } from "./connection.ts";
import { execute, type PodAnswer, type PodCommand } from "./exec.ts";
import type { KubeconfigSource } from "./kubeconfig.ts";
import { parseJson } from "./parseJson.ts";
import { assertRecorded, type Pin } from "./pin.ts";

/** The API of one cluster. */
export interface KubernetesApi {
  /** Reads an object. Undefined when the API has no such path. */
  get<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
  ): Promise<z.output<Schema> | undefined>;
  /** Sends a JSON merge patch. */
  patch(path: string, patch: unknown): Promise<void>;
  /** Creates an object. `conditional` statuses, such as 429, are answers instead of errors. */
  post(path: string, object: unknown, conditional?: readonly number[]): Promise<PostAnswer>;
  /** Deletes an object. Succeeds when there is none. */
  remove(path: string): Promise<void>;
  /** Runs a command in a pod and waits for its end. */
  run(command: PodCommand, timeoutSeconds: number): Promise<PodAnswer>;
  /** Resolves once the API server reports that it is ready. Rejects after the deadline. */
  waitUntilReady(deadlineSeconds: number): Promise<void>;
}

/** Answer to a POST. */
export interface PostAnswer {
  readonly status: number;
  /** The API server's words about a failure. */
  readonly message: string | undefined;
}

/** Options of {@link openApi}. */
export interface ApiOptions extends Pin {
  /** How long one request may take. @default 10 */
  readonly timeoutSeconds?: number;
}

/**
 * Opens the API of a kubeconfig's context. The kubeconfig is read with the first request, a plugin for
 * credentials runs once. With a UID the first request also checks that it is the recorded cluster.
 *
 * Requests throw UserError when the kubeconfig cannot be used or another cluster is reached,
 * CouldNotAsk when the API server does not answer, and when it answers with an error.
 */
export function openApi(
  kubeconfig: KubeconfigSource,
  { timeoutSeconds = 10, ...pin }: ApiOptions = {},
): KubernetesApi {
  let connecting: Promise<Connection> | undefined;
  const checkedConnection = async (): Promise<Connection> => {
    const connection = await connect(kubeconfig, pin.context);
    if (pin.uid === undefined) return connection;
    const answer = accept(await send(connection, kubeSystem, timeoutSeconds, undefined));
    const { metadata } = namespaceSchema.parse(parseJson(answer.text));
    assertRecorded(pin, metadata.uid, answer.from);
    return connection;
  };
  const connection = () => (connecting ??= checkedConnection());
  const ask = async (path: string, timeout: number, change?: Change): Promise<Answer> => {
    return send(await connection(), path, timeout, change);
  };
  return {
    async get(path, schema) {
      const answer = await ask(path, timeoutSeconds);
      if (answer.status === 404) return undefined;
      const parsed = schema.safeParse(parseJson(accept(answer).text));
      if (parsed.success) return parsed.data;
      throw new CouldNotAsk(`the API server's answer to ${path} has an unexpected shape`);
    },
    async patch(path, patch) {
      accept(await ask(path, timeoutSeconds, { method: "PATCH", body: patch }));
    },
    async post(path, object, conditional = []) {
      const answer = await ask(path, timeoutSeconds, { method: "POST", body: object });
      const { status } = conditional.includes(answer.status) ? answer : accept(answer);
      return { status, message: messageIn(answer) };
    },
    async remove(path) {
      const answer = await ask(path, timeoutSeconds, { method: "DELETE" });
      if (answer.status !== 404) accept(answer);
    },
    async run(command, seconds) {
      return execute(await connection(), command, seconds);
    },
    async waitUntilReady(deadlineSeconds) {
      await pRetry(async () => accept(await ask("/readyz", Math.min(5, deadlineSeconds))), {
        retries: Number.POSITIVE_INFINITY,
        factor: 1.5,
        minTimeout: 250,
        maxTimeout: 3000,
        maxRetryTime: deadlineSeconds * 1000,
        shouldRetry: ({ error }) => !(error instanceof UserError),
      });
    },
  };
}

const kubeSystem = "/api/v1/namespaces/kube-system";
const namespaceSchema = z.looseObject({ metadata: z.looseObject({ uid: z.string().min(1) }) });

/** The UID of the namespace kube-system. It changes only when the cluster is replaced. */
export async function clusterUid(api: KubernetesApi): Promise<string> {
  const namespace = await api.get(kubeSystem, namespaceSchema);
  if (namespace === undefined) throw new CouldNotAsk("the cluster has no namespace kube-system");
  return namespace.metadata.uid;
}

/** A request that changes something. */
interface Change {
  readonly method: "PATCH" | "POST" | "DELETE";
  readonly body?: unknown;
}

const contentTypes = {
  PATCH: "application/merge-patch+json",
  POST: "application/json",
  DELETE: "application/json",
};

interface Answer {
  readonly from: string;
  readonly status: number;
  readonly text: string;
}

/** Passes an answer with a 2xx status. */
function accept(answer: Answer): Answer {
  const { from, status } = answer;
  if (status >= 200 && status < 300) return answer;
  const said = messageIn(answer);
  const fix =
    status === 401 || status === 403
      ? "use a kubeconfig whose user may do this"
      : "look at the API server's log";
  throw new CouldNotAsk(`${from} answered ${status}${said === undefined ? "" : `: ${said}`}`, fix);
}

/** The only part of an error's body that is shown: a proxy's page could quote the request. */
const statusSchema = z.object({ kind: z.literal("Status"), message: z.string() });

function messageIn({ text }: Answer): string | undefined {
  return statusSchema.safeParse(parseJson(text)).data?.message;
}

function send(
  { server, options }: Connection,
  path: string,
  timeoutSeconds: number,
  change: Change | undefined,
): Promise<Answer> {
  // The server's URL may have a path, as behind a proxy that serves several clusters.
  const url = new URL(`${server.href.replace(/\/$/, "")}${path}`);
  const from = `the API server at ${server.host}`;
  const request = (url.protocol === "http:" ? http : https).request(url, {
    ...options,
    method: change?.method ?? "GET",
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
    headers: {
      ...options.headers,
      Accept: "application/json",
      ...(change !== undefined && { "Content-Type": contentTypes[change.method] }),
    },
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      const isLate = error.name === "TimeoutError" || error.name === "AbortError";
      const why = isLate ? `no answer within ${timeoutSeconds} s` : error.message;
      const fix = "check that the cluster runs, and the route to its API server";
      reject(new CouldNotAsk(`${from} did not answer ${path}: ${why}`, fix));
    };
    request.on("error", fail);
    request.on("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", fail);
      response.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        resolve({ from, status: response.statusCode ?? 0, text });
      });
    });
    request.end(change?.body === undefined ? undefined : JSON.stringify(change.body));
  });
}
