/** The probe's command line. */
import { Command, CommanderError, Option } from "commander";

import { explain } from "./explain.ts";
import { prove } from "./prove.ts";
import { type Pin, pinIn } from "../kube/pin.ts";
import { exitCodes, formatUserError, UserError } from "../messages/errors.ts";
import type { Fault } from "../messages/faults.ts";
import { checkRequest, faultsInRequest, type ProbeRequest, requestError } from "./request.ts";
import { exitCodeOf } from "./verdict.ts";

/** Streams and environment of the process. */
export interface Surroundings {
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => unknown;
  readonly complain: (text: string) => unknown;
}

interface Words {
  readonly json?: boolean;
  readonly color?: boolean;
  readonly name?: string;
  readonly router?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly service?: string;
  readonly deadline?: string;
  readonly address?: string;
  readonly host?: string;
  readonly status?: string;
  readonly body?: string;
  readonly transport?: string;
  readonly answer?: string;
}

const exitCodeHelp = `
Exit code: 0 proved, 1 broken, 2 bad use, 3 unknown (the request could not be sent).
Packets leave from the network namespace of the probe.`;

/** Runs the probe with these arguments and returns its exit code. */
export async function runProbe(
  words: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { write, complain } = surroundings;
  let exitCode = 0;
  const answer = async (request: unknown, options: Words, faults: readonly Fault[] = []) => {
    const checked = check(request, faults);
    const kubeconfig = options.kubeconfig ?? surroundings.environment.KUBECONFIG;
    const pin = pinFor(options, surroundings.environment);
    const verdict = await prove(checked, { kubeconfig, pin });
    const { json = false, color = false } = options;
    const text = `${explain(verdict, { color, whole: true })}\n`;
    write(json ? `${JSON.stringify(verdict)}\n` : text);
    // A caller that reads the JSON shows its user what is on standard error.
    if (json && verdict.verdict !== "proved") complain(text);
    exitCode = exitCodeOf(verdict);
  };
  const program = buildProgram(answer, surroundings);
  try {
    await program.parseAsync([...words], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.done : exitCodes.badUse;
    }
    if (!(error instanceof UserError)) throw error;
    complain(formatUserError(error));
    return error.exitCode;
  }
  return exitCode;
}

/** The recorded cluster is in the recorded kubeconfig. A kubeconfig in an argument is another one. */
function pinFor({ kubeconfig, context }: Words, environment: Surroundings["environment"]): Pin {
  const recorded = kubeconfig === undefined ? pinIn(environment) : {};
  return context === undefined ? recorded : { ...recorded, context };
}

type Answer = (request: unknown, options: Words, faults?: readonly Fault[]) => Promise<void>;

function buildProgram(answer: Answer, { stdin, write, complain }: Surroundings): Command {
  const program = new Command("probe")
    .description("Proves that an address answers, or reports the hop where the path is broken.")
    .addHelpText("after", exitCodeHelp)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: complain });
  // Commander treats every argument as optional, so that all faults are reported at once.
  const add = (name: string, places: readonly string[], description: string) => {
    const command = program
      .command(name)
      .description(description)
      .usage(`${places.map((place) => place.toUpperCase()).join(" ")} [options]`)
      .allowUnknownOption()
      .allowExcessArguments()
      .option("--json", "print the verdict as one line of JSON")
      .option("--color", "use colours")
      .option("--kubeconfig <file>", "kubeconfig for reading the cluster (default: $KUBECONFIG)")
      .option("--context <name>", "context of the kubeconfig (default: the current one)")
      .addHelpText("after", exitCodeHelp);
    for (const place of places) command.argument(`[${place}]`);
    return command;
  };
  const addAsk = (
    ask: ProbeRequest["ask"],
    places: readonly string[],
    description: string,
    extend: (command: Command) => Command = (command) => command,
  ) => {
    const command = add(ask, places, description)
      .option("--name <name>", "name of the check")
      .option("--router <vantage>", "router on the path: host, netns:/run/netns/NAME or ssh:TARGET")
      .option("--service <namespace/name>", "the Service that the address belongs to")
      .option("--deadline <seconds>", "how long the request is repeated", "8");
    extend(command).action(async () => {
      const { request, faults } = requestOf(ask, places, command);
      await answer(request, command.opts<Words>(), faults);
    });
  };
  addAsk("route", ["address", "port"], "route lookup, ping, TCP connection");
  addAsk("tcp", ["address", "port"], "TCP connection");
  addAsk("http", ["url"], "HTTP page, its status and its content", (command) =>
    command
      .option("--address <address>", "address to connect to, instead of the URL's host")
      .option("--host <name>", "Host header")
      .option("--status <number>", "expected status", "200")
      .option("--body <text>", "text that the page must contain"),
  );
  addAsk("dns", ["name", "server"], "addresses of a name from a DNS server", (command) =>
    command
      .addOption(new Option("--transport <udp|tcp>", "transport").default("udp"))
      .option("--answer <address>", "address that the answer must contain"),
  );
  addAsk(
    "cluster-dns",
    ["namespace", "selector"],
    "address of a Service, from the pods that a label selector finds on every node",
  );
  const request = add("request", [], "one request as JSON from standard input");
  request.action(async () => {
    const faults = strayWords(request, 0);
    await answer(await readRequest(stdin), request.opts<Words>(), faults);
  });
  return program;
}

/** A request from arguments, with the faults of the arguments. The schema finds the others. */
function requestOf(
  ask: ProbeRequest["ask"],
  places: readonly string[],
  command: Command,
): { request: Record<string, unknown>; faults: Fault[] } {
  const options = command.opts<Words>();
  const { service } = options;
  const given = command.args.filter((word) => !isOption(word));
  const placed = Object.fromEntries(places.map((place, position) => [place, given[position]]));
  const { name, deadline, status, router, host, body, transport, answer } = options;
  const [namespace, serviceName, ...more] = service?.split("/") ?? [];
  const isService = more.length === 0 && Boolean(namespace) && Boolean(serviceName);
  const faults = strayWords(command, places.length);
  if (service !== undefined && !isService) {
    faults.push(fault("--service", `got ${JSON.stringify(service)}; write NAMESPACE/NAME`));
  }
  const looked = placed.name;
  const pods = { namespace: placed.namespace, selector: placed.selector };
  const request = {
    ask,
    name: name ?? looked ?? (ask === "dns" ? undefined : [ask, ...given].join(" ")),
    ...(name === undefined ? {} : { lookup: looked }),
    deadlineSeconds: toNumber(deadline),
    ...{ router, host, body, transport, answer },
    service: isService ? { namespace, name: serviceName } : undefined,
    pods: ask === "cluster-dns" ? pods : undefined,
    status: toNumber(status),
    address: placed.address ?? options.address,
    port: toNumber(placed.port),
    url: placed.url,
    server: placed.server,
  };
  const filled = Object.entries(request).filter(([, value]) => value !== undefined);
  return { request: Object.fromEntries(filled), faults };
}

/** Any text that is not a number stays text, so that the schema refuses and quotes it. */
function toNumber(text: string | undefined): number | string | undefined {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function isOption(word: string): boolean {
  return word.startsWith("-") && word.length > 1;
}

function strayWords(command: Command, places: number): Fault[] {
  const options = command.args.filter(isOption).map((word) => fault(word, "unknown option"));
  const words = command.args.filter((word) => !isOption(word)).slice(places);
  return [...options, ...words.map((word) => fault(word, "unexpected argument"))];
}

/** Reports the faults of the arguments together with the faults of the request. */
function check(request: unknown, faults: readonly Fault[]): ProbeRequest {
  const all = [...faults, ...faultsInRequest(request)];
  if (all.length > 0) throw requestError(all);
  return checkRequest(request);
}

function fault(propertyPath: string, reason: string): Fault {
  return { propertyPath, reason };
}

async function readRequest(stdin: Surroundings["stdin"]): Promise<unknown> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const part of stdin) {
    text += typeof part === "string" ? part : decoder.decode(part, { stream: true });
  }
  try {
    return JSON.parse(text);
  } catch {
    const got = JSON.stringify(text.slice(0, 60));
    throw requestError([fault("standard input", `got ${got}; write one request as JSON`)]);
  }
}
