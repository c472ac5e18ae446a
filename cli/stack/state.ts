/** The parts of an exported stack that the commands read. */
import { z } from "zod";

const resourceSchema = z.object({ urn: z.string() });

const exportSchema = z.object({
  deployment: z.object({
    resources: z.array(resourceSchema).nullish(),
    pending_operations: z.array(z.object({ resource: resourceSchema })).nullish(),
    secrets_providers: z
      .object({ state: z.object({ salt: z.string().optional() }).nullish() })
      .nullish(),
  }),
});

/** What a stack's state says about the last update. */
export interface StackState {
  /** URNs of all resources. */
  readonly resources: readonly string[];
  /** URNs of operations that had begun when the engine was killed. */
  readonly pending: readonly string[];
  /** Salt of the secrets, when a passphrase protects them. */
  readonly salt: string | undefined;
}

/** Reads what `pulumi stack export` prints. */
export function readState(exported: unknown): StackState {
  const { resources, pending_operations, secrets_providers } =
    exportSchema.parse(exported).deployment;
  return {
    resources: (resources ?? []).map(({ urn }) => urn),
    pending: (pending_operations ?? []).map(({ resource }) => resource.urn),
    salt: secrets_providers?.state?.salt,
  };
}

/** Keys that mark a special value of the engine, and the mark of a secret. */
const mark = "4dabf18193072939515e22adb298388d";
const secretSchema = z.object({ [mark]: z.string(), plaintext: z.string() });

/** An exported value without the engine's wrapping of secrets and without keys like `__fieldManager`. */
export function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null) return value;
  const secret = secretSchema.safeParse(value);
  if (secret.success) return plainValue(JSON.parse(secret.data.plaintext));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, member]) => [key, plainValue(member)]),
  );
}
