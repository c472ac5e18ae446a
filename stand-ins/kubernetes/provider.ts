import type { Bag } from "../kit/properties.ts";
import {
  PartialFailure,
  type Difference,
  type Failure,
  type Operation,
  type Provider,
  type State,
} from "../kit/provider.ts";
import { isUnknown } from "../kit/properties.ts";
import { Unsupported, messageOf } from "../kit/values.ts";
import { checkpointOf, readCheckpoint, secretPaths } from "./checkpoint.ts";
import { checkedInputs } from "./checks.ts";
import { connect, reachable, required, type Cluster } from "./cluster.ts";
import { clusterChange } from "./clusterChange.ts";
import { createObject } from "./creations.ts";
import { deleteObject } from "./deletions.ts";
import { differenceOf } from "./difference.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { identityOf, toServer } from "./objects.ts";
import { readObject } from "./reads.ts";
import { faultsInSettings, readSettings, type Settings } from "./settings.ts";
import type { ChangeContext } from "./settle.ts";
import { updateObject } from "./updates.ts";

const unreachableWarning =
  "the cluster is unreachable and deleteUnreachable is set, so the object is dropped from the state";

/** Manages Kubernetes objects with server-side apply, as `pulumi-resource-kubernetes` does. */
export class KubernetesProvider implements Provider {
  readonly version: string;
  #settings: Settings = readSettings({});
  #cluster: Cluster | undefined;

  constructor(version: string) {
    this.version = version;
  }

  async checkConfig(news: Bag): Promise<readonly Failure[]> {
    const faults = faultsInSettings(news.value);
    const { kubeconfig } = news.value;
    if (typeof kubeconfig === "string" && kubeconfig !== "" && !isUnknown(kubeconfig)) {
      try {
        readKubeconfig(readSettings(news.value));
      } catch (error) {
        // Without a property, because the engine would print the kubeconfig with its secrets.
        faults.push({ reason: `kubeconfig: ${messageOf(error)}` });
      }
    }
    return Promise.resolve(faults);
  }

  async diffConfig(olds: Bag, news: Bag): Promise<Difference> {
    return Promise.resolve(clusterChange(olds.value, news.value));
  }

  async configure(settings: Bag): Promise<void> {
    this.#settings = readSettings(settings.value);
    this.#cluster = await connect(this.#settings);
  }

  async invoke(token: string): Promise<State> {
    return Promise.reject(
      new Unsupported(`${token} is not supported by this stand-in`, "write typed resources"),
    );
  }

  async check(
    operation: Operation,
    olds: Bag,
    news: Bag,
  ): Promise<{ inputs: State; failures: readonly Failure[] }> {
    const cluster = reachable(this.#cluster);
    if (!cluster && this.#settings.skipUpdateUnreachable) {
      operation.log(
        "warning",
        "the cluster is unreachable and skipUpdateUnreachable is set, so the object is left unchanged",
      );
      return { inputs: olds, failures: [] };
    }
    const { inputs, failures } = await checkedInputs(operation, olds.value, news.value, cluster);
    return { inputs: { value: inputs, secrets: secretPaths(inputs, news.secrets) }, failures };
  }

  async diff(
    operation: Operation,
    _id: string,
    state: Bag,
    _oldInputs: Bag,
    news: Bag,
  ): Promise<Difference> {
    const object = toServer(news.value);
    const { apiVersion, kind, namespace } = identityOf(object);
    const namespaced =
      (await reachable(this.#cluster)?.discovery.isNamespaced(apiVersion, kind)) ??
      namespace !== undefined;
    const recorded = readCheckpoint(state.value);
    return differenceOf(operation, recorded, object, this.#settings, namespaced);
  }

  async create(operation: Operation, inputs: Bag): Promise<{ id: string; state: State }> {
    if (operation.preview && !reachable(this.#cluster)) return { id: "", state: inputs };
    return createObject(this.#context(operation), inputs);
  }

  async read(
    operation: Operation,
    id: string,
    inputs: Bag,
    state: Bag,
  ): Promise<{ id: string; state: State; inputs: State } | undefined> {
    if (!reachable(this.#cluster)) {
      if (this.#settings.deleteUnreachable) {
        operation.log("warning", unreachableWarning);
        return undefined;
      }
      if (this.#settings.skipUpdateUnreachable) return { id, state, inputs };
    }
    return readObject(required(this.#cluster), operation, id, inputs, state);
  }

  async update(
    operation: Operation,
    _id: string,
    state: Bag,
    _oldInputs: Bag,
    news: Bag,
  ): Promise<State> {
    if (operation.preview && !reachable(this.#cluster)) return news;
    return updateObject(this.#context(operation), readCheckpoint(state.value), news);
  }

  async delete(operation: Operation, id: string, state: Bag): Promise<void> {
    if (!reachable(this.#cluster) && this.#settings.deleteUnreachable) {
      operation.log("warning", unreachableWarning);
      return;
    }
    const recorded = readCheckpoint(state.value);
    const left = await deleteObject(required(this.#cluster), operation, id, recorded);
    if (left) {
      const { fieldManager = "", initialApiVersion = "" } = recorded;
      const requested = { value: recorded.inputs, secrets: state.secrets };
      const now = checkpointOf(requested, left.live, fieldManager, initialApiVersion);
      throw new PartialFailure(id, now, undefined, left.reasons);
    }
  }

  #context(operation: Operation): ChangeContext {
    return { cluster: required(this.#cluster), settings: this.#settings, operation };
  }
}
