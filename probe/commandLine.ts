/** The probe's command line: words in, a verdict out, and an exit code. */
import { Command, CommanderError, Option } from "commander";

import { explain } from "./explain.ts";
import { prove } from "./prove.ts";
import { checkRequest, type ProbeRequest, RequestError } from "./request.ts";
import { exitCodeOf } from "./verdict.ts";

/** What the command line touches of the world. */
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
  readonly service?: string;
  readonly deadline?: string;
  readonly address?: string;
  readonly host?: string;
  readonly status?: string;
  readonly body?: string;
  readonly transport?: string;
  readonly answer?: string;
}

const exitCodes = `
Exit code: 0 proved, 1 broken, 2 bad use, 3 cannot know (the question could not be asked).
The packets leave from the network namespace that the probe runs in.`;

/** Runs the probe with these words and returns its exit code. */
export async function runProbe(
  words: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { write, complain } = surroundings;
  let exitCode = 0;
  const answer = async (request: unknown, options: Words, faults: readonly string[] = []) => {
    const checked = gatherFaults(request, faults);
    const kubeconfig = options.kubeconfig ?? surroundings.environment.KUBECONFIG;
    const verdict = await prove(checked, { kubeconfig });
    const { json = false, color = false } = options;
    const text = `${explain(verdict, { color, whole: true })}\n`;
    write(json ? `${JSON.stringify(verdict)}\n` : text);
    // Who starts the probe for its JSON shows people what stands on standard error.
    if (json && verdict.verdict !== "proved") complain(text);
    exitCode = exitCodeOf(verdict);
  };
  const program = buildProgram(answer, surroundings);
  try {
    await program.parseAsync([...words], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof RequestError)) throw error;
    complain(error.faults.map((fault) => `probe: ${fault}\n`).join(""));
    complain("probe: see probe --help\n");
    return 2;
  }
  return exitCode;
}

type Answer = (request: unknown, options: Words, faults?: readonly string[]) => Promise<void>;

function buildProgram(answer: Answer, { stdin, write, complain }: Surroundings): Command {
  const program = new Command("probe")
    .description("Asks one question of the network, and says at which hop it stops when it does.")
    .addHelpText("after", exitCodes)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: complain });
  // Words are optional to commander, so that all faults are told at once, in one form.
  const add = (name: string, places: readonly string[], description: string) => {
    const command = program
      .command(name)
      .description(description)
      .usage(`${places.map((place) => place.toUpperCase()).join(" ")} [options]`)
      .allowUnknownOption()
      .allowExcessArguments()
      .option("--json", "print the verdict as one line of JSON")
      .option("--color", "write in colour")
      .option("--kubeconfig <file>", "read the cluster's side with it (default: $KUBECONFIG)")
      .addHelpText("after", exitCodes);
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
      .option("--router <vantage>", "router between: host, netns:/run/netns/NAME or ssh:TARGET")
      .option("--service <namespace/name>", "the Service that the address belongs to")
      .option("--deadline <seconds>", "how long it is asked again before the answer counts", "8");
    extend(command).action(async () => {
      const { request, faults } = requestOf(ask, places, command);
      await answer(request, command.opts<Words>(), faults);
    });
  };
  addAsk("route", ["address", "port"], "route lookup, ping where it is answered, TCP connection");
  addAsk("tcp", ["address", "port"], "TCP connection");
  addAsk("http", ["url"], "a page, its status and a text on it", (command) =>
    command
      .option("--address <address>", "connect to this address, not to the one of the URL's host")
      .option("--host <name>", "Host header to send")
      .option("--status <number>", "status that proves it", "200")
      .option("--body <text>", "text that the page must contain"),
  );
  addAsk("dns", ["name", "server"], "addresses of a name, from a DNS server", (command) =>
    command
      .addOption(new Option("--transport <udp|tcp>", "how to ask").default("udp"))
      .option("--answer <address>", "address that the answer must contain"),
  );
  const request = add("request", [], "one request as JSON from standard input");
  request.action(async () => {
    const faults = strayWords(request, 0);
    await answer(await readRequest(stdin), request.opts<Words>(), faults);
  });
  return program;
}

/** A request from words, with faults of the words themselves; the schema finds the others. */
function requestOf(
  ask: ProbeRequest["ask"],
  places: readonly string[],
  command: Command,
): { request: Record<string, unknown>; faults: string[] } {
  const options = command.opts<Words>();
  const { service } = options;
  const given = command.args.filter((word) => !isOption(word));
  const placed = Object.fromEntries(places.map((place, position) => [place, given[position]]));
  const { name, deadline, status, router, host, body, transport, answer } = options;
  const [namespace, serviceName, ...more] = service?.split("/") ?? [];
  const isService = more.length === 0 && Boolean(namespace) && Boolean(serviceName);
  const faults = strayWords(command, places.length);
  if (service !== undefined && !isService) {
    faults.push(`service: write NAMESPACE/NAME, got ${JSON.stringify(service)}`);
  }
  const looked = placed.name;
  const request = {
    ask,
    name: name ?? looked ?? (ask === "dns" ? undefined : [ask, ...given].join(" ")),
    ...(name === undefined ? {} : { lookup: looked }),
    deadlineSeconds: toNumber(deadline),
    ...{ router, host, body, transport, answer },
    service: isService ? { namespace, name: serviceName } : undefined,
    status: toNumber(status),
    address: placed.address ?? options.address,
    port: toNumber(placed.port),
    url: placed.url,
    server: placed.server,
  };
  const filled = Object.entries(request).filter(([, value]) => value !== undefined);
  return { request: Object.fromEntries(filled), faults };
}

/** What is no number stays text, for the schema to refuse and to quote. */
function toNumber(text: string | undefined): number | string | undefined {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function isOption(word: string): boolean {
  return word.startsWith("-") && word.length > 1;
}

function strayWords(command: Command, places: number): string[] {
  const options = command.args.filter(isOption).map((word) => `${word}: there is no such option`);
  const words = command.args.filter((word) => !isOption(word)).slice(places);
  return [...options, ...words.map((word) => `${word}: one word too many`)];
}

function gatherFaults(request: unknown, faults: readonly string[]): ProbeRequest {
  try {
    const checked = checkRequest(request);
    if (faults.length === 0) return checked;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new RequestError([...faults, ...error.faults]);
  }
  throw new RequestError(faults);
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
    throw new RequestError([`standard input: write one request as JSON, got ${got}`]);
  }
}
