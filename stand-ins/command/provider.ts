import { randomBytes } from "node:crypto";

import { hasUnknown, unknownMark, type Bag } from "../kit/properties.ts";
import {
  type Change,
  type Difference,
  type Failure,
  type Operation,
  type PropertyChange,
  type Provider,
  type State,
} from "../kit/provider.ts";
import { Unsupported, asText, equal, type Path, type Properties } from "../kit/values.ts";
import { run, type Output } from "./shell.ts";

const refusedProperties = ["assetPaths", "archivePaths"];
const loggingChoices = ["stdout", "stderr", "stdoutAndStderr", "none"];

/** Runs `local.Command` and `local.run`, as `pulumi-resource-command` does. */
export class CommandProvider implements Provider {
  readonly version: string;

  constructor(version: string) {
    this.version = version;
  }

  async checkConfig(): Promise<readonly Failure[]> {
    return Promise.resolve([]);
  }

  async diffConfig(olds: Bag, news: Bag): Promise<Difference> {
    return Promise.resolve({ changed: !equal(olds.value, news.value), replaces: [] });
  }

  async configure(): Promise<void> {
    return Promise.resolve();
  }

  async invoke(token: string, args: Bag, operation: Operation): Promise<State> {
    const command = asText(args.value.command);
    if (token !== "command:local:run" || command === undefined) {
      throw new Unsupported(`${token} is not supported by this stand-in`, "use command:local:run");
    }
    const output = await this.#run(operation, command, args.value, { stdout: "", stderr: "" });
    return { value: { ...args.value, ...output }, secrets: outputSecrets(args) };
  }

  async check(
    operation: Operation,
    _olds: Bag,
    news: Bag,
  ): Promise<{ inputs: State; failures: readonly Failure[] }> {
    if (operation.type !== "command:local:Command") {
      throw new Unsupported(
        `${operation.type} is not supported by this stand-in`,
        "use command:local:Command",
      );
    }
    const failures = refusedProperties
      .filter((property) => news.value[property] !== undefined)
      .map((property) => ({
        property,
        reason: "is not supported by this stand-in. Fix: print the file with cat",
      }));
    const logging = asText(news.value.logging);
    if (logging !== undefined && !hasUnknown(logging) && !loggingChoices.includes(logging)) {
      failures.push({
        property: "logging",
        reason: `is ${JSON.stringify(logging)}. Fix: use one of ${loggingChoices.join(", ")}`,
      });
    }
    return Promise.resolve({ inputs: news, failures });
  }

  async diff(
    _operation: Operation,
    _id: string,
    _state: Bag,
    oldInputs: Bag,
    news: Bag,
  ): Promise<Difference> {
    const detailed = new Map<string, PropertyChange>();
    for (const key of new Set([...Object.keys(oldInputs.value), ...Object.keys(news.value)])) {
      const before = oldInputs.value[key];
      const after = news.value[key];
      if (equal(before, after) && !hasUnknown(after)) continue;
      const change = before === undefined ? "add" : after === undefined ? "delete" : "update";
      const replacing: Change = `${change}-replace`;
      detailed.set(key, { change: key === "triggers" ? replacing : change, ofInputs: true });
    }
    return Promise.resolve({
      changed: detailed.size > 0,
      replaces: detailed.has("triggers") ? ["triggers"] : [],
      detailed,
    });
  }

  async create(operation: Operation, inputs: Bag): Promise<{ id: string; state: State }> {
    if (operation.preview) return { id: "", state: unknownOutput(inputs) };
    const id = `${operation.name}${randomBytes(4).toString("hex")}`;
    const nothing = { stdout: "", stderr: "" };
    const command = asText(inputs.value.create);
    const output =
      command === undefined ? nothing : await this.#run(operation, command, inputs.value, nothing);
    return { id, state: stateOf(inputs, output) };
  }

  async read(
    _operation: Operation,
    id: string,
    inputs: Bag,
    state: Bag,
  ): Promise<{ id: string; state: State; inputs: State }> {
    return Promise.resolve({ id, state, inputs });
  }

  update: Provider["update"] = async (operation, _id, state, _oldInputs, news) => {
    if (operation.preview) return unknownOutput(news);
    const command = asText(news.value.update) ?? asText(news.value.create);
    const previous = outputOf(state.value);
    return stateOf(
      news,
      command === undefined ? previous : await this.#run(operation, command, news.value, previous),
    );
  };

  async delete(operation: Operation, _id: string, state: Bag): Promise<void> {
    const command = asText(state.value.delete);
    if (command !== undefined) {
      await this.#run(operation, command, state.value, outputOf(state.value));
    }
  }

  async #run(
    operation: Operation,
    command: string,
    inputs: Properties,
    previous: Output,
  ): Promise<Output> {
    const say = (line: string) => {
      operation.status(line);
    };
    return run(command, inputs, previous, say, operation.cancelled);
  }
}

function outputOf(state: Properties): Output {
  return { stdout: asText(state.stdout) ?? "", stderr: asText(state.stderr) ?? "" };
}

function stateOf(inputs: Bag, output: Output): State {
  return { value: { ...inputs.value, ...output }, secrets: outputSecrets(inputs) };
}

function unknownOutput(inputs: Bag): State {
  return stateOf(inputs, { stdout: unknownMark, stderr: unknownMark });
}

/** Secret paths of the state. One secret input makes all output secret. */
function outputSecrets(inputs: Bag): readonly Path[] {
  return inputs.secrets.length > 0 ? [...inputs.secrets, ["stdout"], ["stderr"]] : inputs.secrets;
}
