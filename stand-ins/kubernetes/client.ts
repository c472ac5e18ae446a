import type { Agent, ClientRequest, IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "../../messages/errors.ts";
import { asMap, asNumber, asText, type Properties, type Value } from "../kit/values.ts";
import type { Connection } from "./kubeconfig.ts";

// An import reads every export of node:http. One of them loads fetch, which takes a quarter of the start.
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");

/** A refusal of the API server, from its `Status`. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Properties;

  constructor(code: number, status: Properties) {
    super(asText(status.message) ?? `HTTP ${code}`);
    this.code = code;
    this.reason = asText(status.reason) ?? "";
    this.details = asMap(status.details);
  }
}

/** Whether an error is the API server's "not found". */
export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 404;
}

const connectionLimit = 24;
const answerMilliseconds = 60_000;
/** How often a request is tried when the API server is busy. */
const busyTries = 5;

/** One request. */
export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly body?: Value;
  readonly contentType?: string;
  /** Aborts a read. A write always finishes, so that it can be recorded. */
  readonly signal?: AbortSignal;
}

/** JSON over HTTP(S) to one API server. */
export class ApiClient {
  readonly #connection: Connection;
  readonly #agent: Agent;

  constructor(connection: Connection) {
    this.#connection = connection;
    const options = { keepAlive: true, maxSockets: connectionLimit };
    this.#agent = connection.server.startsWith("https:")
      ? new https.Agent({ ...options, ...connection.tls })
      : new http.Agent(options);
  }

  /** @throws {ApiError} when the server refuses, and a {@link UserError} when it cannot be reached. */
  async request(request: Request): Promise<Properties> {
    for (let tries = 1; ; tries++) {
      const { code, retryAfterSeconds, body } = await this.#send(request, true);
      if (code < 400) return body;
      if (code !== 429 || tries === busyTries) throw new ApiError(code, body);
      await sleep(
        retryAfterSeconds * 1000,
        undefined,
        request.signal && { signal: request.signal },
      );
    }
  }

  async #send(
    { method, path, body, contentType = "application/json", signal }: Request,
    mayRepeat: boolean,
  ): Promise<{ code: number; retryAfterSeconds: number; body: Properties }> {
    const { server, credentials } = this.#connection;
    const url = new URL(server + path);
    const data = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const { authorization, ...certificate } = await credentials();
    const request = (url.protocol === "https:" ? https : http).request(url, {
      method,
      agent: this.#agent,
      ...certificate,
      timeout: answerMilliseconds,
      ...(signal && { signal }),
      headers: {
        accept: "application/json",
        "user-agent": "pulumi-resource-kubernetes (stand-in)",
        ...(authorization !== undefined && { authorization }),
        ...(data && { "content-type": contentType, "content-length": data.length }),
      },
    });
    try {
      const answer = await answerOf(request, data);
      return {
        code: answer.code,
        retryAfterSeconds: Number(answer.headers["retry-after"] ?? 1),
        body: parseBody(answer.text),
      };
    } catch (error) {
      // The server may close an idle connection while the request is sent. It has not seen the request then.
      if (
        mayRepeat &&
        request.reusedSocket &&
        (error as NodeJS.ErrnoException).code === "ECONNRESET"
      ) {
        return this.#send(
          {
            method,
            path,
            ...(body !== undefined && { body }),
            contentType,
            ...(signal && { signal }),
          },
          false,
        );
      }
      if (signal?.aborted) throw error;
      throw new UserError(
        `the Kubernetes API server at ${server} cannot be reached: ${(error as Error).message}`,
        "start the cluster, or correct the kubeconfig",
      );
    }
  }
}

function answerOf(
  request: ClientRequest,
  data: Buffer | undefined,
): Promise<{ code: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    request.on("timeout", () => {
      request.destroy(new Error(`no answer within ${answerMilliseconds / 1000} s`));
    });
    request.on("error", reject);
    request.on("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(parts).toString();
        resolve({ code: response.statusCode ?? 500, headers: response.headers, text });
      });
    });
    request.end(data);
  });
}

function parseBody(text: string): Properties {
  try {
    return asMap(JSON.parse(text) as Value);
  } catch {
    return { message: text.trim() };
  }
}

/** A number in an API object. The API omits zeros, so an absent number is 0. */
export function count(value: Value | undefined): number {
  return asNumber(value) ?? 0;
}
