import * as http from "node:http";
import * as https from "node:https";

import pRetry from "p-retry";
import { z } from "zod";

import type { Connection } from "./kubeconfig.ts";

/** The API server did not answer as it should. */
export class ApiError extends Error {
  override readonly name = "ApiError";
}

/**
 * Asks the API server once.
 *
 * @throws ApiError when it does not answer with a 2xx status.
 */
export function ask(
  connection: Connection,
  path: string,
  { method = "GET", patch, timeoutSeconds = 10 }: AskOptions = {},
): Promise<string> {
  const { server, ca, certificate, key, token, serverName, insecure = false } = connection;
  const url = new URL(path, server);
  const send = url.protocol === "http:" ? http.request : https.request;
  const body = patch === undefined ? undefined : JSON.stringify(patch);
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      reject(new ApiError(`the API server at ${server.host} did not answer ${path}: ${reason}`));
    };
    const request = send(
      url,
      {
        method,
        ca,
        cert: certificate,
        key,
        rejectUnauthorized: !insecure,
        ...(serverName !== undefined && { servername: serverName }),
        agent: false,
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
        headers: {
          accept: "application/json",
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "content-type": "application/merge-patch+json" }),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (text += part));
        response.on("error", (error) => {
          fail(error.message);
        });
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(text);
          else fail(`status ${status}: ${text.slice(0, 300)}`);
        });
      },
    );
    request.on("error", (error) => {
      fail(error.message);
    });
    request.end(body);
  });
}

/** What {@link ask} can be told. */
export interface AskOptions {
  /** @default "GET" */
  readonly method?: "GET" | "PATCH";
  /** A merge patch to send as the body. */
  readonly patch?: unknown;
  /** @default 10 */
  readonly timeoutSeconds?: number;
}

/** Asks until the API server says that it is ready, for as long as the deadline. */
export async function waitUntilReady(
  connection: Connection,
  deadlineSeconds: number,
): Promise<void> {
  await pRetry(() => ask(connection, "/readyz", { timeoutSeconds: 5 }), {
    retries: 1000,
    factor: 1.5,
    minTimeout: 250,
    maxTimeout: 3000,
    maxRetryTime: deadlineSeconds * 1000,
  });
}

const namespace = z.looseObject({ metadata: z.looseObject({ uid: z.string().min(1) }) });

/** The cluster's identity: the UID of its kube-system namespace, which lives as long as it does. */
export async function clusterUid(connection: Connection): Promise<string> {
  const answer = await ask(connection, "/api/v1/namespaces/kube-system");
  return namespace.parse(JSON.parse(answer)).metadata.uid;
}

const nodeList = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({
        name: z.string(),
        annotations: z.record(z.string(), z.string()).default({}),
      }),
      status: z.looseObject({
        addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).default([]),
      }),
    }),
  ),
});

/** A node as the cluster knows it. */
export interface ClusterNode {
  readonly name: string;
  readonly address: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The nodes that have an internal address, sorted by name. */
export async function listNodes(connection: Connection): Promise<ClusterNode[]> {
  const { items } = nodeList.parse(JSON.parse(await ask(connection, "/api/v1/nodes")));
  return items
    .flatMap(({ metadata: { name, annotations }, status: { addresses } }) =>
      addresses
        .filter(({ type }) => type === "InternalIP")
        .slice(0, 1)
        .map(({ address }) => ({ name, address, annotations })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
