/** Kubeconfigs, `exec` plugins and API servers for tests. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { certificate, key } from "./tls.ts";

/** A credential that no message may contain. */
export const secret = "planted-token";

export const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** An empty directory that is deleted after each test. */
export function temporaryDirectory(): () => string {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "provenet-kube-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });
  return () => directory;
}

/** A kubeconfig with one context. JSON is YAML. */
export function kubeconfigText(cluster: object, user: object = { token: secret }): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "here",
    contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user }],
  });
}

/** Writes an executable `exec` plugin that runs these lines of shell. */
export function writePlugin(file: string, ...lines: string[]): void {
  writeFileSync(file, `#!/bin/sh\n${lines.join("\n")}\n`, { mode: 0o755 });
}

/** The line of shell that prints an ExecCredential. */
export function printCredential(status: object): string {
  const apiVersion = "client.authentication.k8s.io/v1";
  return `cat <<'EOF'\n${JSON.stringify({ apiVersion, kind: "ExecCredential", status })}\nEOF`;
}

/** An `exec` entry of a kubeconfig. */
export function execUser(command: string, more: object = {}): object {
  return { exec: { apiVersion: "client.authentication.k8s.io/v1", command, ...more } };
}

/** An HTTPS API server on 127.0.0.1. It is closed by `close`. */
export async function serveHttps(
  listener: RequestListener,
): Promise<{ url: string; cluster: object; close: () => Promise<void> }> {
  const server = createServer({
    cert: certificate,
    key,
    requestCert: true,
    rejectUnauthorized: false,
  });
  server.on("request", listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    cluster: { server: url, "certificate-authority-data": base64(certificate) },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Answers as an API server whose kube-system has the UID `uid-1`, to those who have the secret. */
export const signedInOnly: RequestListener = ({ headers, url }, response) => {
  if (headers.authorization !== `Bearer ${secret}`) {
    response.writeHead(401).end('{"kind":"Status","message":"Unauthorized"}');
  } else if (url === "/api/v1/namespaces/kube-system") {
    response.end('{"metadata":{"uid":"uid-1"}}');
  } else {
    response.writeHead(404).end("{}");
  }
};
