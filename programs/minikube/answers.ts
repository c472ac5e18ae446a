/** Reads what minikube prints. Pure. Undefined: it is not the answer to the question. */
import { z } from "zod";

const profileListSchema = z.looseObject({
  valid: z.array(
    z.looseObject({
      Name: z.string(),
      Config: z.looseObject({
        UUID: z.string().optional(),
        Nodes: z.array(z.looseObject({ Name: z.string() })).nullable(),
      }),
    }),
  ),
  invalid: z.array(z.looseObject({ Name: z.string() })),
});

/** A profile that minikube knows. */
export interface Profile {
  /** False when minikube cannot read its own record of the profile. */
  readonly readable: boolean;
  /** minikube's names of the nodes. The first may be empty. */
  readonly nodes: readonly string[];
  /** The UUID that it was created with. */
  readonly token?: string | undefined;
}

/** Finds a profile in `minikube profile list`. Null: it is not there. */
export function profileIn(list: unknown, name: string): Profile | null | undefined {
  const { data } = profileListSchema.safeParse(list);
  if (data === undefined) return undefined;
  const found = data.valid.find(({ Name }) => Name === name);
  if (found) {
    const { Nodes, UUID } = found.Config;
    return { readable: true, nodes: (Nodes ?? []).map(({ Name }) => Name), token: UUID };
  }
  return data.invalid.some(({ Name }) => Name === name) ? { readable: false, nodes: [] } : null;
}

/** Name of the machine of a node, which minikube calls `m02` and so on. The first has no name. */
export function machineName(profile: string, node: string): string {
  return node === "" ? profile : `${profile}-${node}`;
}

/** Names of the machines of all profiles but one, in `minikube profile list`. */
export function otherMachines(list: unknown, name: string): string[] {
  const { valid = [] } = profileListSchema.safeParse(list).data ?? {};
  return valid
    .filter(({ Name }) => Name !== name)
    .flatMap(({ Name, Config }) =>
      (Config.Nodes ?? []).map((node) => machineName(Name, node.Name)),
    );
}

const hostSchema = z.looseObject({ Host: z.string() });

/**
 * The host's state in `minikube status --node`. Undefined when minikube cannot tell. It then prints
 * null, or something else in place of JSON.
 */
export function hostIn(status: unknown): string | undefined {
  const state = hostSchema.safeParse(status).data?.Host;
  return state === "Nonexistent" || state === "Error" ? undefined : state;
}

const failureSchema = z.looseObject({
  type: z.literal("io.k8s.sigs.minikube.error"),
  data: z.looseObject({ message: z.string() }),
});

/** minikube's words about its failure, which it prints in place of an answer. */
export function failureIn(answer: unknown): string | undefined {
  return failureSchema.safeParse(answer).data?.data.message;
}

/** The JSON on the last line of minikube's output, or undefined. */
export function lastJson(stdout: string): unknown {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}
