/**
 * Runs code as a Pulumi program whose resources are recorded instead of created. Only this file uses
 * Pulumi's mocks.
 */
import * as pulumi from "@pulumi/pulumi";

/** A resource as it was registered. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  /** Resolved inputs. A secret is replaced by its value. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Name of the parent component. Undefined directly below the stack. */
  readonly parent?: string;
  /** Names in `dependsOn` and of the resources whose outputs it uses, sorted. */
  readonly dependsOn: readonly string[];
  /** Name of its provider. Undefined for the default provider. */
  readonly provider?: string;
  /** Name of the resource whose deletion deletes it. */
  readonly deletedWith?: string;
  /** Outputs that are marked secret. */
  readonly secretOutputs: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Whether the engine refuses to delete it. */
  readonly isProtected: boolean;
  /** Properties whose changes are ignored. */
  readonly ignoreChanges: readonly string[];
}

/** A recorded run. */
export interface Recording {
  /** In the order of registration. */
  readonly resources: readonly Recorded[];
  /** What the code returned, with outputs resolved and secrets replaced by their values. */
  readonly result: Readonly<Record<string, unknown>>;
}

/** Outputs, results of invokes, and the stack. */
export interface Answers {
  /** Outputs of a resource besides its inputs. @default none */
  readonly outputs?: (resource: {
    readonly type: string;
    readonly name: string;
    readonly inputs: Readonly<Record<string, unknown>>;
  }) => Readonly<Record<string, unknown>>;
  /** Results of an invoke. @default an empty object */
  readonly invoke?: (token: string, args: Readonly<Record<string, unknown>>) => object;
  /** Configuration as the engine passes it: `namespace:key` to text or JSON. */
  readonly config?: Readonly<Record<string, string>>;
  /** @default "dev" */
  readonly stack?: string;
  /** @default false */
  readonly preview?: boolean;
}

/** The fields that are read of the SDK's request to register a resource. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getDeletedwith(): string;
  getDeletebeforereplace(): boolean;
  getProtect(): boolean;
  getIgnorechangesList(): string[];
  getDependenciesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getReplaceonchangesList(): string[];
}

/** The SDK's mock of the engine. It sees a resource's options, which the mocks do not get. */
interface Monitor {
  registerResource(request: RegisterRequest, callback: unknown): unknown;
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** A provider reference is `urn::id`. */
const providerName = (reference: string): string =>
  nameOf(reference.slice(0, reference.lastIndexOf("::")));

function optionsOf(request: RegisterRequest) {
  const [parent, provider, deletedWith] = [
    request.getParent(),
    request.getProvider(),
    request.getDeletedwith(),
  ];
  return {
    ...(parent !== "" && !parent.includes("pulumi:pulumi:Stack::") && { parent: nameOf(parent) }),
    ...(provider !== "" && { provider: providerName(provider) }),
    ...(deletedWith !== "" && { deletedWith: nameOf(deletedWith) }),
    dependsOn: request.getDependenciesList().map(nameOf).sort(),
    secretOutputs: request.getAdditionalsecretoutputsList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    isProtected: request.getProtect(),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

/**
 * Runs the code and waits until all its resources are registered.
 *
 * @throws what the code throws, or the error of an output that it returns.
 */
export async function record(code: () => unknown, answers: Answers = {}): Promise<Recording> {
  const { outputs, invoke, config = {}, stack = "dev", preview = false } = answers;
  const inputsOf = new Map<string, Readonly<Record<string, unknown>>>();
  const requests: RegisterRequest[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs: given, custom }) => {
        const inputs = given as Record<string, unknown>;
        inputsOf.set(`${type} ${name}`, inputs);
        const state = { ...inputs, ...outputs?.({ type, name, inputs }) };
        return { id: custom === false ? "" : `${name}-id`, state };
      },
      call: ({ token, inputs }): Record<string, unknown> => ({
        ...invoke?.(token, inputs as Record<string, unknown>),
      }),
    },
    "provenet",
    stack,
    preview,
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    requests.push(request);
    return register(request, callback);
  };
  pulumi.runtime.setAllConfig({ ...config });
  const result = await pulumi.runtime.runInPulumiStack(async () => Promise.resolve(code()));
  await pulumi.runtime.disconnect();

  const resources = requests
    .filter((request) => request.getType() !== "pulumi:pulumi:Stack")
    .map((request) => {
      const [type, name] = [request.getType(), request.getName()];
      return { type, name, inputs: inputsOf.get(`${type} ${name}`) ?? {}, ...optionsOf(request) };
    });
  return { resources, result: result as Record<string, unknown> };
}

/** The one resource of that name. */
export function named(resources: readonly Recorded[], name: string): Recorded {
  const found = resources.filter((resource) => resource.name === name);
  if (found.length === 1 && found[0]) return found[0];
  throw new Error(`${found.length} resources are named ${name}`);
}
