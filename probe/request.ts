/**
 * The probe's contract. One request is one question about one path: does this answer as expected
 * from here? It is plain data, so that it can be a stack output and can be repeated later.
 */
import { isIP } from "node:net";
import { z } from "zod";

import { exitCodes, UserError } from "../messages/errors.ts";
import { describeFaults, type Fault, faultsOfZod } from "../messages/faults.ts";
import { parseVantage } from "../net/vantage.ts";

const address = z
  .string({ error: "write an IP address, such as 192.0.2.7" })
  .refine((text) => isIP(text) !== 0, { error: "write an IP address, such as 192.0.2.7" });

const port = z
  .int({ error: "write a port number, such as 80" })
  .min(1, { error: "a port is at least 1" })
  .max(65535, { error: "a port is at most 65535" });

const vantage = z.string().refine((text) => isVantage(text), {
  error: "write host, netns:/run/netns/NAME or ssh:[USER@]HOST",
});

const namespacedName = z.strictObject({
  namespace: z.string().min(1),
  name: z.string().min(1),
});

const common = {
  /** Name of the check. */
  name: z.string({ error: "give the check a name" }).min(1, { error: "give the check a name" }),
  /** How long the request is repeated before the last answer counts. @default 8 */
  deadlineSeconds: z
    .number({ error: "write a number of seconds, such as 8" })
    .positive({ error: "write a number of seconds above 0" })
    .max(600, { error: "a deadline is at most 600 seconds" })
    .default(8),
  /** Router on the path: `host`, `netns:/run/netns/NAME` or `ssh:TARGET`. */
  router: vantage.optional(),
  /** Kubernetes Service that has the address. The probe reads it through the API. */
  service: namespacedName.optional(),
};

const route = z.strictObject({ ask: z.literal("route"), ...common, address, port });

const tcp = z.strictObject({ ask: z.literal("tcp"), ...common, address, port });

const http = z.strictObject({
  ask: z.literal("http"),
  ...common,
  /** URL of the page. Only `http:` is supported. */
  url: z.url({
    protocol: /^http$/,
    error: "write a URL that starts with http://, such as http://192.0.2.7/",
  }),
  /** Address to connect to. Without it the URL's host is looked up. */
  address: address.optional(),
  /** `Host` header to send instead of the URL's host. */
  host: z.string().min(1).optional(),
  /** Status that proves the path. @default 200 */
  status: z
    .int({ error: "write an HTTP status, such as 200" })
    .min(100, { error: "an HTTP status is at least 100" })
    .max(599, { error: "an HTTP status is at most 599" })
    .default(200),
  /** Text that the body must contain. */
  body: z.string().min(1).optional(),
});

const dns = z
  .strictObject({
    ask: z.literal("dns"),
    ...common,
    /** Host name to look up, without a search list. @default the check's `name` */
    lookup: z.string().min(1).optional(),
    /** DNS server: `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`. */
    server: z
      .string({ error: "write the server's IP address" })
      .refine((text) => parseServer(text) !== undefined, {
        error: "write the server's IP address, with a port if it is not 53: 192.0.2.53:5353",
      }),
    transport: z.enum(["udp", "tcp"], { error: "write udp or tcp" }),
    /** Address that the answer must contain. */
    answer: address.optional(),
  })
  .superRefine(({ name, lookup }, context) => {
    const fault = faultInName(lookup ?? name);
    if (fault === undefined) return;
    const message = `write a host name, such as web.example: ${fault}`;
    context.addIssue({ code: "custom", path: [lookup === undefined ? "name" : "lookup"], message });
  });

const clusterDns = z.strictObject({
  ask: z.literal("cluster-dns"),
  ...common,
  /** Service to look up. Its cluster address is the expected answer. */
  service: namespacedName,
  /** Pods that ask. There is one on every node. */
  pods: z.strictObject({
    namespace: z.string().min(1),
    /** Label selector, such as `app=vantage`. */
    selector: z.string().min(1),
  }),
});

/** Schema of a {@link ProbeRequest}. It refuses unknown keys, so that a typo is reported. */
export const probeRequestSchema = z.discriminatedUnion("ask", [route, tcp, http, dns, clusterDns], {
  error: "write an object whose ask is one of route, tcp, http, dns, cluster-dns",
});

/** A request before it is checked. Fields with a default are optional. */
export type ProbeRequest = z.input<typeof probeRequestSchema>;

/** A checked request. Every default is filled in. */
export type CheckedRequest = z.output<typeof probeRequestSchema>;

/** One kind of checked request, such as `RequestOf<"http">`. */
export type RequestOf<Ask extends CheckedRequest["ask"]> = Extract<CheckedRequest, { ask: Ask }>;

/** A request whose packets leave from the probe's own network namespace. */
export type PacketRequest = Exclude<CheckedRequest, RequestOf<"cluster-dns">>;

/** Splits a DNS server's text into address and port. Undefined when it is not an address. */
export function parseServer(text: string): { address: string; port: number } | undefined {
  if (isIP(text) !== 0) return { address: text, port: 53 };
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? "";
  const number = Number(match?.[3]);
  const family = match?.[1] === undefined ? 4 : 6;
  if (isIP(host) !== family || number < 1 || number > 65535) return undefined;
  return { address: host, port: number };
}

/** Every fault of a request. */
export function faultsInRequest(request: unknown): Fault[] {
  const { error } = probeRequestSchema.safeParse(request);
  return error === undefined ? [] : faultsOfZod(error, request, "request");
}

/** Checks a request and fills in defaults. @throws UserError with every fault */
export function checkRequest(request: unknown): CheckedRequest {
  const { data } = probeRequestSchema.safeParse(request);
  if (data !== undefined) return data;
  throw requestError(faultsInRequest(request));
}

/** The error for a request with faults. */
export function requestError(faults: readonly Fault[]): UserError {
  return new UserError(
    `the probe's request has faults:\n${describeFaults(faults)}`,
    "correct each of them; `node probe/main.ts --help` lists the options",
    exitCodes.badUse,
  );
}

/** Why a name cannot be looked up. Undefined when it can. */
function faultInName(name: string): string | undefined {
  const labels = name.replace(/\.$/, "").split(".");
  if (labels.some((label) => label.length === 0 || Buffer.byteLength(label) > 63)) {
    return "each part between the dots has 1 to 63 bytes";
  }
  return Buffer.byteLength(name) > 253 ? "a name has at most 253 bytes" : undefined;
}

function isVantage(text: string): boolean {
  try {
    parseVantage(text);
    return true;
  } catch {
    return false;
  }
}
