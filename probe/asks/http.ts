import { request as httpRequest, type IncomingMessage } from "node:http";

import type { RequestOf } from "../request.ts";
import type { Outcome } from "../symptoms.ts";
import { outcomeOfError } from "./errors.ts";

/** A longer body is truncated. */
const longestBody = 1024 * 1024;

/** The parts of an answer that are judged. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Requests a page from an address, and judges status and body. */
export function askHttp(
  request: RequestOf<"http">,
  address: string,
  timeoutMilliseconds: number,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const started = performance.now();
    const url = new URL(request.url);
    let source: string | undefined;
    const message = httpRequest({
      host: address,
      port: url.port === "" ? 80 : Number(url.port),
      path: `${url.pathname}${url.search}`,
      headers: { Host: request.host ?? url.host, "User-Agent": "provenet-probe/1" },
      agent: false,
    });
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      message.destroy();
      resolve(source === undefined ? outcome : { ...outcome, source });
    };
    const timer = setTimeout(() => {
      end(
        source === undefined
          ? { symptom: "silence", text: "silence", evidence: [] }
          : { symptom: "mute", text: "connected, then no answer", evidence: [] },
      );
    }, timeoutMilliseconds);
    message.on("socket", (socket) => {
      socket.on("connect", () => {
        source = socket.localAddress;
      });
    });
    message.on("error", (error) => {
      end(outcomeOfError(error));
    });
    message.on("response", (response) => {
      readBody(response).then(
        (body) => {
          const { statusCode = 0, headers } = response;
          const milliseconds = Math.round(performance.now() - started);
          end(judgeHttp(request, { status: statusCode, headers, body }, milliseconds));
        },
        (error: unknown) => {
          end(outcomeOfError(error));
        },
      );
    });
    message.end();
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length >= longestBody) break;
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Compares an answer with what the request expects. */
export function judgeHttp(
  request: Pick<RequestOf<"http">, "status" | "body">,
  answer: HttpAnswer,
  milliseconds: number,
): Outcome {
  const server = header(answer, "server");
  const by = server === undefined ? "" : ` from ${server}`;
  const pod = podOf(answer);
  const evidence = [
    `HTTP ${answer.status}${by} in ${milliseconds} ms, ${answer.body.length} characters`,
    ...(pod === undefined ? [] : [`pod: ${pod}`]),
  ];
  const text = `HTTP ${answer.status}${by}`;
  if (answer.status !== request.status) {
    const wanted = `expected status: ${request.status}`;
    const beginning = `body begins: ${JSON.stringify(answer.body.slice(0, 120))}`;
    return { symptom: "status", text, evidence: [...evidence, wanted, beginning] };
  }
  if (request.body !== undefined && !answer.body.includes(request.body)) {
    const beginning = `body begins: ${JSON.stringify(answer.body.slice(0, 120))}`;
    const without = `${text}, without ${JSON.stringify(request.body)} in the body`;
    return { symptom: "wrong answer", text: without, evidence: [...evidence, beginning] };
  }
  const mark = request.body === undefined ? [] : [`body contains ${JSON.stringify(request.body)}`];
  return { symptom: "answer", text, evidence: [...evidence, ...mark] };
}

function header(answer: HttpAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The pod that answered, from a header, from a line `pod NAME`, or from the environment it prints. */
function podOf(answer: HttpAnswer): string | undefined {
  return (
    header(answer, "x-pod-name") ??
    header(answer, "x-pod") ??
    /^pod ([a-z0-9][a-z0-9.-]*)$/m.exec(answer.body)?.[1] ??
    /\b(?:POD_NAME|HOSTNAME)['"]?\s*[=:]\s*['"]?([a-z0-9][a-z0-9.-]*)/.exec(answer.body)?.[1]
  );
}
