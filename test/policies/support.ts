/** Runs one rule without an engine, with the decoder and the proxies of the SDK's server. */
import { createRequire } from "node:module";

import {
  unknownCheckingProxy,
  type PolicyResource,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc.js";

import { sdkDecoder, watchSecrets, type Decoder } from "../../policies/sdk/secrecy.ts";

/** What the engine sends for an unknown value. */
export const unknown = unknownValue;

/** What the engine sends for a secret value. */
export const secret = (value: unknown): object => ({ [specialSigKey]: specialSecretSig, value });

/** A resource in a test. */
export interface Subject {
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly name?: string;
  /** Properties of its provider. */
  readonly provider?: Readonly<Record<string, unknown>>;
  /** Whether the resource option protect is set. */
  readonly protect?: boolean;
  /** Names of the resources it depends on. */
  readonly dependsOn?: readonly string[];
  /** Name of its parent. */
  readonly parent?: string;
  /** Names of the resources that a property of it comes from. */
  readonly madeOf?: Readonly<Record<string, readonly string[]>>;
}

/** A violation, with the name of its resource. */
export interface Violation {
  readonly message: string;
  readonly resource: string | undefined;
}

type Wire = Parameters<Decoder["deserializeProperties"]>[0];

const { Struct } = createRequire(import.meta.url)(
  "google-protobuf/google/protobuf/struct_pb.js",
) as {
  Struct: { fromJavaScript: (value: unknown) => Wire };
};

// A copy, because other code in this process uses the SDK's decoder.
const decoder: Decoder = { ...sdkDecoder() };
watchSecrets(decoder);

/** Properties as the SDK passes them to a rule. */
export const decoded = (props: object): object =>
  checkingProxy(decoder.deserializeProperties(wireOf(props), false));

// The SDK exports this without a type.
const checkingProxy = unknownCheckingProxy as (props: object) => object;

/** The properties as the engine encodes them. Undefined values are dropped. */
export const wireOf = (props: object): Wire =>
  Struct.fromJavaScript(JSON.parse(JSON.stringify(props)));

/** The URN of a subject. */
export const urnOf = (subject: Subject): string =>
  `urn:pulumi:dev::provenet::${subject.type}::${subject.name ?? "subject"}`;

const options = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  additionalSecretOutputs: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
};

function common(subject: Subject) {
  const { type, name = "subject", provider } = subject;
  return {
    type,
    name,
    urn: urnOf(subject),
    opts: { ...options, protect: subject.protect ?? false },
    props: decoded(subject.props),
    isType: () => false,
    asType: () => undefined,
    ...(provider === undefined
      ? {}
      : {
          provider: {
            type: "pulumi:providers:kubernetes",
            name,
            urn: "",
            props: decoded(provider),
          },
        }),
  };
}

function run(configuration: object) {
  return {
    stackTags: new Map<string, string>(),
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the SDK's signature
    getConfig: <T extends object>() => configuration as T,
    notApplicable: (): never => {
      throw new Error("a rule that does not apply reports nothing");
    },
  };
}

/** The messages of a rule about one resource. */
export async function messagesOf(
  rule: ResourceValidationPolicy,
  subject: Subject,
  configuration: object = {},
): Promise<string[]> {
  const messages: string[] = [];
  const { validateResource } = rule;
  if (typeof validateResource !== "function") {
    throw new Error(`${rule.name} has several validations`);
  }
  const args = { ...common(subject), ...run(configuration) };
  await validateResource(args, (message) => messages.push(message));
  return messages;
}

/** The violations that a rule finds in a whole stack. */
export async function violationsOf(
  rule: StackValidationPolicy,
  subjects: readonly Subject[],
  configuration: object = {},
): Promise<Violation[]> {
  const resources = new Map<string, PolicyResource>();
  for (const subject of subjects) {
    const found = (names: readonly string[]) => names.flatMap((name) => resources.get(name) ?? []);
    const sources = Object.entries(subject.madeOf ?? {});
    const parent = resources.get(subject.parent ?? "");
    const resource = {
      ...common(subject),
      ...(parent && { parent }),
      dependencies: found(subject.dependsOn ?? []),
      propertyDependencies: Object.fromEntries(sources.map(([key, names]) => [key, found(names)])),
    };
    resources.set(resource.name, resource);
  }
  if (resources.size !== subjects.length) throw new Error("two subjects have the same name");

  const violations: Violation[] = [];
  const args = { ...run(configuration), resources: [...resources.values()] };
  await rule.validateStack(args, (message, urn) => {
    violations.push({ message, resource: args.resources.find((r) => r.urn === urn)?.name });
  });
  return violations;
}

/** A copy with another value at these keys. `undefined` removes the key. */
export function set(
  props: Readonly<Record<string, unknown>>,
  keys: readonly (string | number)[],
  value: unknown,
): Record<string, unknown> {
  const copy = structuredClone(props);
  let at: Record<string | number, unknown> = copy;
  for (const key of keys.slice(0, -1)) {
    at[key] ??= {};
    at = at[key] as Record<string | number, unknown>;
  }
  const last = keys.at(-1) ?? "";
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
  return copy;
}

/** A Deployment that every rule accepts. */
export const deployment: Subject = {
  type: "kubernetes:apps/v1:Deployment",
  name: "web",
  props: {
    metadata: { name: "web", namespace: "web" },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web", tier: "front" } },
        spec: {
          containers: [
            {
              name: "web",
              image: `registry.example/web:1.0@sha256:${"a".repeat(64)}`,
              ports: [{ name: "http", containerPort: 8000 }],
              resources: { requests: { cpu: "50m", memory: "64Mi" } },
              readinessProbe: { httpGet: { path: "/", port: 8000 } },
              livenessProbe: { tcpSocket: { port: 8000 } },
            },
          ],
        },
      },
    },
  },
};

/** Keys of the Deployment's container. */
export const container = ["spec", "template", "spec", "containers", 0] as const;

/** The subject with another value at these keys of its properties. */
export const changed = (
  subject: Subject,
  keys: readonly (string | number)[],
  value: unknown,
): Subject => ({ ...subject, props: set(subject.props, keys, value) });
