import { asList, asText, at, type Properties } from "../kit/values.ts";
import { isNotFound, type ApiClient } from "./client.ts";
import { identityOf } from "./objects.ts";

/** How the API server serves a kind. */
interface Served {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Where an object is, or would be. */
export interface Location {
  /** The object itself. */
  readonly path: string;
  /** The list that it is created in. */
  readonly collection: string;
  readonly namespaced: boolean;
}

/** Knows where the API server keeps objects of a kind; asks it once for each group. */
export class Discovery {
  readonly #api: ApiClient;
  readonly #defaultNamespace: string;
  readonly #groups = new Map<string, Promise<ReadonlyMap<string, Served>>>();

  constructor(api: ApiClient, defaultNamespace: string) {
    this.#api = api;
    this.#defaultNamespace = defaultNamespace;
  }

  /** Forgets all, since a new definition may serve new kinds. */
  reset(): void {
    this.#groups.clear();
  }

  /** Where an object is; undefined when the server does not know its kind, which it is asked again each time. */
  async locate(object: Properties): Promise<Location | undefined> {
    const { apiVersion, kind, namespace, name } = identityOf(object);
    const served = await this.#served(apiVersion, kind);
    if (!served) return undefined;
    const { plural, namespaced } = served;
    const place = namespaced
      ? `/namespaces/${encodeURIComponent(namespace ?? this.#defaultNamespace)}`
      : "";
    const collection = `${rootOf(apiVersion)}${place}/${plural}`;
    return { collection, path: `${collection}/${encodeURIComponent(name)}`, namespaced };
  }

  /** Whether objects of a kind live in namespaces; one that the server does not know is taken to. */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean> {
    return (await this.#served(apiVersion, kind))?.namespaced ?? true;
  }

  async #served(apiVersion: string, kind: string): Promise<Served | undefined> {
    const known = (await this.#group(apiVersion)).get(kind);
    if (known) return known;
    this.#groups.delete(apiVersion);
    return (await this.#group(apiVersion)).get(kind);
  }

  #group(apiVersion: string): Promise<ReadonlyMap<string, Served>> {
    const asked = this.#groups.get(apiVersion);
    if (asked) return asked;
    const asking = this.#ask(apiVersion);
    this.#groups.set(apiVersion, asking);
    asking.catch(() => this.#groups.delete(apiVersion));
    return asking;
  }

  async #ask(apiVersion: string): Promise<ReadonlyMap<string, Served>> {
    const served = new Map<string, Served>();
    try {
      const answer = await this.#api.request({ method: "GET", path: rootOf(apiVersion) });
      for (const resource of asList(answer.resources)) {
        const plural = asText(at(resource, "name")) ?? "";
        if (!plural.includes("/")) {
          const namespaced = at(resource, "namespaced") === true;
          served.set(asText(at(resource, "kind")) ?? "", { plural, namespaced });
        }
      }
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return served;
  }
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
