/** Reads objects from a Kubernetes API with the credentials of a kubeconfig. */
import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

import type { z } from "zod";

import { type Connection, KubeconfigError, readConnection } from "./kubeconfig.ts";

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
export function openKubernetes(file: string): Kubernetes {
  const { server: url, ca, certificate, key, token, serverName, insecure } = connectionOf(file);
  const secure = url.protocol === "https:";
  const agent = secure
    ? new HttpsAgent({
        ca,
        cert: certificate,
        key,
        keepAlive: true,
        rejectUnauthorized: insecure !== true,
        ...(serverName === undefined ? {} : { servername: serverName }),
      })
    : new HttpAgent({ keepAlive: true });
  const options: RequestOptions = {
    agent,
    timeout: 3000,
    headers: {
      Accept: "application/json",
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
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

function connectionOf(file: string): Connection {
  try {
    return readConnection(file);
  } catch (error) {
    if (error instanceof KubeconfigError) throw new KubernetesError(error.message);
    throw error;
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
