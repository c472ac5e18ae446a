import { asList, asText, at, type Properties } from "../kit/values.ts";
import { isNotFound, type ApiClient } from "./client.ts";
import { identityOf } from "./objects.ts";

/** How the API server serves a kind. */
interface Served {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** The URL paths of an object. */
export interface Location {
  /** Path of the object. */
  readonly path: string;
  /** Path of its collection. */
  readonly collection: string;
  readonly namespaced: boolean;
}

/** Looks up the URL paths of kinds. Each API group is requested once. */
export class Discovery {
  readonly #api: ApiClient;
  readonly #defaultNamespace: string;
  readonly #groups = new Map<string, Promise<ReadonlyMap<string, Served>>>();

  constructor(api: ApiClient, defaultNamespace: string) {
    this.#api = api;
    this.#defaultNamespace = defaultNamespace;
  }

  /** Clears the cache, because a new CRD may serve new kinds. */
  reset(): void {
    this.#groups.clear();
  }

  /** The paths of an object. Undefined when its kind is not served, which is never cached. */
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

  /** Whether a kind is namespaced. A kind that is not served counts as namespaced. */
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
    const pending = this.#groups.get(apiVersion);
    if (pending) return pending;
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
