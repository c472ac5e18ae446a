/**
 * What the probe can be asked. One request is one question about one path: "does this answer, as
 * it should, from here?". Plain data, so that it can be a stack output and be asked again later.
 */
import { isIP } from "node:net";
import { z } from "zod";

import { parseVantage } from "../net/vantage.ts";
import { faultInName } from "./asks/dnsMessage.ts";

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

const common = {
  /** Name of the check, for the reader. */
  name: z.string({ error: "give the check a name" }).min(1, { error: "give the check a name" }),
  /** How long the ask is repeated before the last answer counts, in seconds. @default 8 */
  deadlineSeconds: z
    .number({ error: "write a number of seconds, such as 8" })
    .positive({ error: "write a number of seconds above 0" })
    .max(600, { error: "a deadline is at most 600 seconds" })
    .default(8),
  /** The router between here and there, as `host`, `netns:/run/netns/NAME` or `ssh:TARGET`. */
  router: vantage.optional(),
  /** The Kubernetes Service that the address belongs to; read through the API. */
  service: z.strictObject({ namespace: z.string().min(1), name: z.string().min(1) }).optional(),
};

const route = z.strictObject({ ask: z.literal("route"), ...common, address, port });

const tcp = z.strictObject({ ask: z.literal("tcp"), ...common, address, port });

const http = z.strictObject({
  ask: z.literal("http"),
  ...common,
  /** Page to ask for; plain `http:` only. */
  url: z.url({
    protocol: /^http$/,
    error: "write a URL that starts with http://, such as http://192.0.2.7/",
  }),
  /** Connect to this address instead of looking the URL's host up. */
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
    /** Host name whose address is asked for, without a search list. @default the check's `name` */
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

/** Schema of a {@link ProbeRequest}; refuses unknown keys, so that a typo is not silently ignored. */
export const probeRequestSchema = z.discriminatedUnion("ask", [route, tcp, http, dns], {
  error: "write an object whose ask is one of route, tcp, http, dns",
});

/** A request as one writes it: what has a default may be left out. */
export type ProbeRequest = z.input<typeof probeRequestSchema>;

/** A request that was checked: every default is filled in. */
export type CheckedRequest = z.output<typeof probeRequestSchema>;

/** One kind of checked request, such as `RequestOf<"http">`. */
export type RequestOf<Ask extends CheckedRequest["ask"]> = Extract<CheckedRequest, { ask: Ask }>;

/** Splits a DNS server's text into address and port; undefined when it is neither. */
export function parseServer(text: string): { address: string; port: number } | undefined {
  if (isIP(text) !== 0) return { address: text, port: 53 };
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? "";
  const number = Number(match?.[3]);
  const family = match?.[1] === undefined ? 4 : 6;
  if (isIP(host) !== family || number < 1 || number > 65535) return undefined;
  return { address: host, port: number };
}

/** A request that cannot be asked; `faults` holds every fault, each with where and what to write. */
export class RequestError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.name = "RequestError";
    this.faults = faults;
  }
}

/** Checks a request and fills in defaults; throws one {@link RequestError} with all its faults. */
export function checkRequest(request: unknown): CheckedRequest {
  const result = probeRequestSchema.safeParse(request);
  if (result.success) return result.data;
  throw new RequestError(
    result.error.issues.map((issue) => {
      const where = issue.path.length === 0 ? "request" : issue.path.join(".");
      return `${where}: ${issue.message}, got ${shown(valueAt(request, issue.path))}`;
    }),
  );
}

function isVantage(text: string): boolean {
  try {
    parseVantage(text);
    return true;
  } catch {
    return false;
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
