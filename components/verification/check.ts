import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { ProbeRequest } from "../../probe/request.ts";

/** What every check is told besides its question. */
export interface CheckArgs {
  /** Path of the kubeconfig with which the probe reads the cluster's side; it is no secret. */
  readonly kubeconfigPath: pulumi.Input<string>;
  /** The Service that the address belongs to. @default none: the cluster's side stays unknown */
  readonly service?: {
    readonly namespace: pulumi.Input<string>;
    readonly name: pulumi.Input<string>;
  };
  /** Vantage of the router between here and there. @default none */
  readonly router?: string | undefined;
  /**
   * What makes an old verdict stale when it changes, besides the question itself.
   * @default []
   */
  readonly staleWith?: readonly pulumi.Input<unknown>[];
  /**
   * How long it is asked again before the last answer counts. A new address may take some seconds
   * until the network knows who answers for it.
   * @default 30
   */
  readonly deadlineSeconds?: number;
}

/** The fields of a request that come from {@link CheckArgs}. */
export function commonFields(name: string, { service, router }: CheckArgs) {
  return {
    name,
    ...(service && { service: pulumi.output(service) }),
    ...(router !== undefined && { router }),
  };
}

/** A question that was answered rightly. */
export interface Proof {
  /** The question, for `verify` to ask again; resolves when the answer was right. */
  readonly request: pulumi.Output<ProbeRequest>;
  /** Passes a text on once the answer was right. */
  readonly once: (value: pulumi.Input<string>) => pulumi.Output<string>;
}

/**
 * Lets the probe ask, from where the engine runs, and holds the proof back until the answer is
 * right. Nothing is asked in a preview.
 */
export function prove(
  name: string,
  args: CheckArgs,
  request: pulumi.Output<ProbeRequest>,
  parent: pulumi.Resource,
): Proof {
  const { kubeconfigPath, staleWith = [], deadlineSeconds = 30 } = args;
  const { id } = new command.local.Command(
    `${name}-probe`,
    {
      create: "node probe/main.ts request --json",
      stdin: request.apply((asked) => JSON.stringify({ ...asked, deadlineSeconds })),
      environment: { KUBECONFIG: kubeconfigPath },
      triggers: [request.apply((asked) => JSON.stringify(asked)), ...staleWith],
      addPreviousOutputInEnv: false,
      logging: command.local.Logging.Stderr,
    },
    { parent },
  );
  return {
    request: pulumi.all([request, id]).apply(([answered]) => answered),
    once: (value) => pulumi.all([value, id]).apply(([proved]) => proved),
  };
}
