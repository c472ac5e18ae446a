import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Value } from "../../../stand-ins/kit/values.ts";
import { ApiClient } from "../../../stand-ins/kubernetes/client.ts";
import { readKubeconfig } from "../../../stand-ins/kubernetes/kubeconfig.ts";

/** Answer of a fake API server. It never answers with "silence". */
export type Answer = { readonly body: Value; readonly code?: number } | "silence";

/** A fake API server and the requests that it received. */
export interface FakeApi {
  readonly api: ApiClient;
  readonly kubeconfig: string;
  readonly requests: { method: string; path: string }[];
  close(): Promise<void>;
}

/** Starts a server on the loopback. A request without an answer gets 404. */
export async function fakeApi(
  answer: (method: string, path: string) => Answer | undefined,
): Promise<FakeApi> {
  const requests: { method: string; path: string }[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const [path = ""] = (request.url ?? "").split("?");
    requests.push({ method: request.method ?? "", path: request.url ?? "" });
    const found = answer(request.method ?? "", path);
    if (found === "silence") return;
    const { code = 200, body } = found ?? {
      code: 404,
      body: { reason: "NotFound", message: `no ${path}` },
    };
    response.writeHead(code, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const kubeconfig = JSON.stringify({
    "current-context": "x",
    contexts: [{ name: "x", context: { cluster: "x", user: "x" } }],
    clusters: [
      {
        name: "x",
        cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      },
    ],
    users: [{ name: "x", user: {} }],
  });
  return {
    api: new ApiClient(readKubeconfig({ kubeconfig })),
    kubeconfig,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
