/** minikube's progress, one JSON event a line. Pure. */
import { z } from "zod";

/** Receives progress messages. */
export type Progress = (line: string) => void;

/** One line of `minikube start --output=json`. */
export type MinikubeEvent =
  | {
      readonly kind: "step";
      readonly message: string;
      readonly step: number;
      readonly steps: number;
    }
  | { readonly kind: "warning" | "info" | "error"; readonly message: string }
  | { readonly kind: "download" };

const schema = z.looseObject({
  type: z.string(),
  data: z.record(z.string(), z.string()),
});

/** Parses a line. Any line that is not an event of minikube counts as information. */
export function parseEvent(line: string): MinikubeEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: "info", message: line };
  }
  const result = schema.safeParse(value);
  if (!result.success) return { kind: "info", message: line };
  const { type, data } = result.data;
  const message = data.message ?? "";
  const advice = data.advice === undefined || data.advice === "" ? "" : ` (${data.advice})`;
  switch (type.replace("io.k8s.sigs.minikube.", "")) {
    case "step":
      return {
        kind: "step",
        message,
        step: Number(data.currentstep ?? 0),
        steps: Number(data.totalsteps ?? 0),
      };
    case "download":
    case "download.progress":
      return { kind: "download" };
    case "error":
      // minikube writes hints as errors too. Only an error that ends it has an exit code.
      if (data.exitcode === undefined) return { kind: "info", message };
      return { kind: "error", message: `${message}${advice}` };
    case "warning":
      return { kind: "warning", message };
    default:
      return { kind: "info", message };
  }
}

/** The line to show for an event, or undefined for a download's progress. */
export function progressLine(event: MinikubeEvent): string | undefined {
  if (event.kind === "download" || event.message === "") return undefined;
  if (event.kind === "step") return `minikube ${event.step}/${event.steps}: ${event.message}`;
  return event.kind === "info"
    ? `minikube: ${event.message}`
    : `minikube ${event.kind}: ${event.message}`;
}
