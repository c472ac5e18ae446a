import type { Agent, ClientRequest, IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { asMap, asNumber, asText, type Properties, type Value } from "../kit/values.ts";
import type { Connection } from "./kubeconfig.ts";

// An import reads every export of node:http. One of them loads fetch, which takes a quarter of the start.
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");

/** The API server refused: its answer, as a Kubernetes `Status`. */
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

/** Tells whether an error is the API server's "not found". */
export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 404;
}

/** How many connections to keep to one API server. */
const connectionLimit = 24;
/** How long to wait for an answer. */
const answerMilliseconds = 60_000;
/** How often to come back when the API server says that it is busy. */
const busyTries = 5;

/** What to send. */
export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** From the root, with its query. */
  readonly path: string;
  readonly body?: Value;
  readonly contentType?: string;
  /** Gives the request up; for reading only: a change under way is let finish, so that it can be recorded. */
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

  /** @throws {ApiError} when the server refuses; a plain error when it cannot be reached. */
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
    const { server, authorization } = this.#connection;
    const url = new URL(server + path);
    const data = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const credentials = authorization();
    const request = (url.protocol === "https:" ? https : http).request(url, {
      method,
      agent: this.#agent,
      timeout: answerMilliseconds,
      ...(signal && { signal }),
      headers: {
        accept: "application/json",
        "user-agent": "pulumi-resource-kubernetes (stand-in)",
        ...(credentials !== undefined && { authorization: credentials }),
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
      // A kept connection may be closed by the server just as we use it: nothing was done with the request.
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
      throw new Error(
        `the Kubernetes API server at ${server} cannot be reached: ${(error as Error).message}`,
        { cause: error },
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

/** A number in an object of the API, 0 when it is absent, as the API leaves zeros out. */
export function count(value: Value | undefined): number {
  return asNumber(value) ?? 0;
}
