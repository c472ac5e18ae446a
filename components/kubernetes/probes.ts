import type { input } from "@pulumi/kubernetes/types/index.js";

/** How a container is asked, without the timing. */
export type Handler = Pick<input.core.v1.Probe, "httpGet" | "exec">;

/** How often a container is asked, where the defaults do not fit. */
export interface ProbeTiming {
  /**
   * Seconds between two readiness probes. A short period makes a new pod usable sooner.
   * @default 2
   */
  readonly readinessPeriodSeconds?: number;
  /**
   * Seconds until an answer counts as a failure.
   * @default 1
   */
  readonly timeoutSeconds?: number;
  /**
   * Failed liveness probes in a row, 10 seconds apart, after which the container is restarted.
   * @default 3
   */
  readonly livenessFailures?: number;
}

/** A container's readiness and liveness probes. */
export function probes(
  readiness: Handler,
  liveness: Handler = readiness,
  { readinessPeriodSeconds = 2, timeoutSeconds = 1, livenessFailures = 3 }: ProbeTiming = {},
): Pick<input.core.v1.Container, "readinessProbe" | "livenessProbe"> {
  return {
    readinessProbe: { ...readiness, periodSeconds: readinessPeriodSeconds, timeoutSeconds },
    livenessProbe: {
      ...liveness,
      initialDelaySeconds: 10,
      periodSeconds: 10,
      timeoutSeconds,
      failureThreshold: livenessFailures,
    },
  };
}
