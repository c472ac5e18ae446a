/**
 * A vantage is a place that sends packets or has routes: this host, a network namespace on it, or
 * another host by ssh. Pure: no Pulumi, no system.
 */

/** Where a command runs. */
export type Vantage =
  | { readonly kind: "host" }
  | { readonly kind: "netns"; readonly path: string }
  | { readonly kind: "ssh"; readonly target: string };

/** Text that is not a vantage. Its message says what to write instead. */
export class VantageError extends Error {
  override readonly name = "VantageError";
}

/**
 * Parses `host`, `netns:/run/netns/NAME` or `ssh:[USER@]HOST`.
 *
 * @throws VantageError when it is none of these.
 */
export function parseVantage(text: string): Vantage {
  if (text === "host") return { kind: "host" };
  const netns = /^netns:(\/[\w./-]+)$/.exec(text)?.[1];
  if (netns !== undefined) return { kind: "netns", path: netns };
  // No leading dash: ssh would take the target for an option.
  const ssh = /^ssh:((?:\w[\w.-]*@)?\w[\w.-]*)$/.exec(text)?.[1];
  if (ssh !== undefined) return { kind: "ssh", target: ssh };
  throw new VantageError(
    `"${text}" is not a vantage; write host, netns:/run/netns/NAME or ssh:[USER@]HOST`,
  );
}

/** The words before a command that run it at the vantage. Empty for this host. */
export function enterVantage(vantage: Vantage): string[] {
  switch (vantage.kind) {
    case "host":
      return [];
    case "netns":
      return ["nsenter", `--net=${vantage.path}`, "--"];
    case "ssh":
      return ["ssh", "-o", "BatchMode=yes", vantage.target, "--"];
  }
}

/** The vantage in the notation that {@link parseVantage} reads. */
export function formatVantage(vantage: Vantage): string {
  switch (vantage.kind) {
    case "host":
      return "host";
    case "netns":
      return `netns:${vantage.path}`;
    case "ssh":
      return `ssh:${vantage.target}`;
  }
}
