import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import { pinVariables } from "../../kube/pin.ts";
import { type Vantage, formatVantage } from "../../net/vantage.ts";
import type { ProbeRequest } from "../../probe/request.ts";
import { type Verdict, verdictSchema } from "../../probe/verdict.ts";
import type { Endpoint } from "../shared/endpoint.ts";

/** How the probe reaches the cluster, and refuses another one. */
export interface ProbedCluster {
  readonly kubeconfigPath: pulumi.Input<string>;
  readonly context: pulumi.Input<string>;
  readonly uid: pulumi.Input<string>;
}

/** What every check takes. */
export interface CheckArgs extends Pick<Endpoint, "address" | "service"> {
  /** Name in the request and the verdict. */
  readonly endpoint: string;
  /** The cluster that the probe reads. */
  readonly cluster: ProbedCluster;
  /** The router between client and cluster. The probe reads its routes. @default none */
  readonly router?: Vantage | undefined;
  /**
   * Values whose change makes an old verdict stale. The request is always one of them.
   * @default []
   */
  readonly staleWith?: readonly pulumi.Input<unknown>[];
  /**
   * How long the probe repeats the request before its last answer counts. The network may take some
   * seconds to learn a new address.
   * @default 30
   */
  readonly deadlineSeconds?: number;
}

/** The fields that requests of all kinds have. */
export function commonFields({ endpoint, service, router }: CheckArgs) {
  return {
    name: endpoint,
    ...(service && { service: pulumi.output(service) }),
    ...(router && { router: formatVantage(router) }),
  };
}

/** A request that the probe proved. */
export interface Proof {
  /** The probe's request, with the probe's default deadline. Resolves when the verdict does. */
  readonly request: pulumi.Output<ProbeRequest>;
  /** Resolves only if the request was proved. */
  readonly verdict: pulumi.Output<Verdict>;
}

/** Runs the probe where the engine runs. It is not run in a preview. */
export function runProbe(
  name: string,
  args: Pick<CheckArgs, "cluster" | "staleWith" | "deadlineSeconds">,
  request: pulumi.Output<ProbeRequest>,
  parent: pulumi.Resource,
): Proof {
  const { cluster, staleWith = [], deadlineSeconds = 30 } = args;
  const { stdout } = new command.local.Command(
    `${name}-probe`,
    {
      create: "node probe/main.ts request --json",
      stdin: request.apply((fields) => JSON.stringify({ ...fields, deadlineSeconds })),
      environment: {
        KUBECONFIG: cluster.kubeconfigPath,
        [pinVariables.context]: cluster.context,
        [pinVariables.uid]: cluster.uid,
      },
      triggers: [request.apply((fields) => JSON.stringify(fields)), ...staleWith],
      addPreviousOutputInEnv: false,
      logging: command.local.Logging.Stderr,
    },
    { parent },
  );
  const verdict = stdout.apply((line) => verdictSchema.parse(JSON.parse(line)));
  return { verdict, request: pulumi.all([request, verdict]).apply(([proved]) => proved) };
}
