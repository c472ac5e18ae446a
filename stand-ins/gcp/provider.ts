import { parsePath } from "../kit/paths.ts";
import type { Bag } from "../kit/properties.ts";
import type { Difference, Failure, Operation, Provider, State } from "../kit/provider.ts";
import { equal, messageOf, type Properties, Unsupported } from "../kit/values.ts";
import { Catalogue, type Declared } from "./catalogue.ts";
import { computedOutputs } from "./computed.ts";
import { differenceOf } from "./difference.ts";
import { factsOf } from "./facts.ts";
import { faultsIn } from "./faults.ts";
import { completeInputs } from "./inputs.ts";
import { missingPlaces } from "./places.ts";
import { plannedOutputs } from "./plan.ts";
import { brokenRules } from "./rules.ts";
import { faultsInSettings, readSettings, type Settings } from "./settings.ts";
import { rulesOf } from "./validation.ts";

/** Previews resources of Google Cloud without an account. It can change and read nothing. */
export class GcpProvider implements Provider {
  readonly version: string;
  readonly #catalogue: Catalogue;
  readonly #environment: NodeJS.ProcessEnv;
  #settings: Settings;

  constructor(
    version: string,
    catalogue: Catalogue = new Catalogue(),
    environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.version = version;
    this.#catalogue = catalogue;
    this.#environment = environment;
    this.#settings = readSettings(catalogue, {}, environment);
  }

  async checkConfig(news: Bag): Promise<readonly Failure[]> {
    return Promise.resolve(faultsInSettings(this.#catalogue, news, this.#environment));
  }

  async diffConfig(olds: Bag, news: Bag): Promise<Difference> {
    return Promise.resolve({ changed: !equal(olds.value, news.value), replaces: [] });
  }

  async configure(settings: Bag, operation: Operation): Promise<void> {
    this.#settings = readSettings(this.#catalogue, settings.value, this.#environment);
    operation.log(
      "warning",
      `This preview comes from provenet's stand-in for the gcp plugin ${this.version}. It checks types, and asks Google nothing. Credentials, APIs, quotas and versions are not checked.`,
    );
    return Promise.resolve();
  }

  async invoke(token: string): Promise<State> {
    return Promise.reject(this.#refusal(`calls ${token}`));
  }

  async check(
    operation: Operation,
    olds: Bag,
    news: Bag,
  ): Promise<{ inputs: State; failures: readonly Failure[] }> {
    const declared = this.#declared(operation.type);
    const subject = { catalogue: this.#catalogue, secrets: news.secrets };
    const failures = [
      ...faultsIn(subject, declared.inputs, news.value),
      ...missingPlaces(operation.type, declared, news.value, this.#settings),
    ];
    let { value } = news;
    try {
      value = completeInputs(operation, declared.inputs, olds.value, news.value);
    } catch (error) {
      failures.push({ reason: messageOf(error) });
    }
    failures.push(...brokenRules(rulesOf(operation.type), value, news.secrets));
    return Promise.resolve({ inputs: { value, secrets: news.secrets }, failures });
  }

  async diff(
    operation: Operation,
    _id: string,
    _state: Bag,
    oldInputs: Bag,
    news: Bag,
  ): Promise<Difference> {
    const difference = differenceOf(operation.type, oldInputs.value, news.value);
    if (difference.changed && factsOf(operation.type) === undefined) {
      operation.log(
        "warning",
        "The stand-in does not know whether this change replaces the resource.",
      );
    }
    return Promise.resolve(difference);
  }

  async create(operation: Operation, inputs: Bag): Promise<{ id: string; state: State }> {
    if (!operation.preview) throw this.#refusal(`creates ${operation.type}`);
    return Promise.resolve({ id: "", state: this.#planned(operation, inputs) });
  }

  async read(operation: Operation): Promise<undefined> {
    return Promise.reject(this.#refusal(`reads ${operation.type}`));
  }

  update: Provider["update"] = async (operation, _id, state, _oldInputs, news) => {
    if (!operation.preview) throw this.#refusal(`updates ${operation.type}`);
    return Promise.resolve(this.#planned(operation, news, state.value));
  };

  async delete(operation: Operation): Promise<void> {
    return Promise.reject(this.#refusal(`deletes ${operation.type}`));
  }

  #declared(type: string): Declared {
    const declared = this.#catalogue.resource(type);
    if (declared) return declared;
    throw new Unsupported(`@pulumi/gcp ${this.version} has no resource type ${type}`, "correct it");
  }

  #planned(operation: Operation, inputs: Bag, before?: Properties): State {
    const { type } = operation;
    const { outputs, secretOutputs } = this.#declared(type);
    const planned = plannedOutputs(this.#catalogue, outputs, inputs.value, before);
    const value = computedOutputs(type, planned, inputs.value, this.#settings);
    const nested = (factsOf(type)?.secrets ?? []).map(parsePath);
    return {
      value,
      secrets: [...inputs.secrets, ...secretOutputs.map((name) => [name]), ...nested],
    };
  }

  #refusal(what: string): Unsupported {
    return new Unsupported(
      `this ${what} in Google Cloud, and provenet's stand-in for the gcp plugin only previews`,
      officialCommands(this.version),
    );
  }
}

function officialCommands(version: string): string {
  return `install the official plugin with pulumi plugin install resource gcp ${version}, and sign in with gcloud auth application-default login`;
}
