import type { PolicyResource, ReportViolation, StackValidationPolicy } from "@pulumi/policy";

import { isCommand } from "../../facts/commands.ts";
import { Property } from "../../sdk/property.ts";
import { valuesIn, type Value } from "../../sdk/secrecy.ts";

const defaults = { outputs: "^kube_?config$" };

/**
 * A kubeconfig is the cluster's administrator. In the open it lies in the state file, in the output
 * of `pulumi stack output`, in every log of a preview, and in whatever a pull request's comment
 * quotes. A command's stdout is also printed while it runs, secret or not, unless its `logging` says
 * otherwise.
 */
export const kubeconfigIsSecret: StackValidationPolicy = {
  name: "kubeconfig-is-secret",
  displayName: "A kubeconfig is a secret",
  description:
    "No kubeconfig is in the open: in no resource, no stack output, and no command's printed output.",
  enforcementLevel: "mandatory",
  severity: "critical",
  tags: ["secrets"],
  url: "https://www.pulumi.com/docs/iac/concepts/secrets/",
  remediationSteps:
    'For a command: additionalSecretOutputs: ["stdout"] in its options and logging: "none" in its arguments. For a value: pulumi.secret(value). Then rotate the credentials, since the old state keeps them: `minikube delete` and `up`, or new ones from the cloud.',
  configSchema: {
    properties: {
      outputs: {
        type: "string",
        description:
          "Regular expression, case ignored, for names of stack outputs whose value is a kubeconfig.",
        default: defaults.outputs,
      },
    },
  },
  validateStack: (args, report) => {
    const { outputs } = { ...defaults, ...args.getConfig<Partial<typeof defaults>>() };
    const named = new RegExp(outputs, "i");
    for (const resource of args.resources) {
      const isStack = resource.type === "pulumi:pulumi:Stack";
      const values = valuesIn(resource.props);
      for (const value of values) {
        const { property, isSecret } = value;
        if (isSecret) reportOpenSource(resource, property, report);
        const isOpen = isStack && property.isUnknown && named.test(property.path);
        if (!isSecret && (isOpen || isKubeconfig(property.text))) {
          const set = remedy(resource, property);
          report(`${property.path} is a kubeconfig in the open; set ${set}`, resource.urn);
        }
      }
      const printed = values.find((value) => printsKubeconfig(resource, value));
      if (printed === undefined) continue;
      const { path } = printed.property;
      const message = `logging lets ${path} be printed, which is a kubeconfig; set logging to "none"`;
      report(message, resource.urn);
    }
  },
};

/**
 * A secret made of a command's open stdout is only a copy. This is seen before anything has run: the
 * property was declared secret, and of the commands that it comes from none keeps its stdout.
 */
function reportOpenSource(resource: PolicyResource, property: Property, report: ReportViolation) {
  if (property.path !== "kubeconfig" || !property.isUnknown) return;
  const commands = (resource.propertyDependencies[property.path] ?? []).filter(isCommand);
  const keeps = (command: PolicyResource) =>
    valuesIn(command.props).some((value) => value.property.path === "stdout" && value.isSecret);
  if (commands.some(keeps)) return;
  for (const { urn } of commands) {
    const set = `additionalSecretOutputs: ["stdout"] in the command's options`;
    report(
      `stdout is in the open, but ${resource.name} takes its kubeconfig from it; set ${set}`,
      urn,
    );
  }
}

/** Whether the text is a kubeconfig, as YAML or as JSON. */
function isKubeconfig(text: string | undefined): boolean {
  if (text === undefined || !/\bkind["']?\s*:\s*["']?Config\b/.test(text)) return false;
  return /\bclusters["']?\s*:/.test(text) && /\busers["']?\s*:/.test(text);
}

function printsKubeconfig(resource: PolicyResource, { property }: Value): boolean {
  if (!isCommand(resource) || !isKubeconfig(property.text)) return false;
  const logging = Property.of(resource.props).at("logging");
  if (logging.isUnknown) return false;
  const printed: Readonly<Record<string, readonly string[]>> = {
    none: [],
    stdout: ["stdout"],
    stderr: ["stderr"],
    stdoutAndStderr: ["stdout", "stderr"],
  };
  return (printed[logging.text ?? "stdoutAndStderr"] ?? []).includes(property.path);
}

function remedy(resource: PolicyResource, property: Property): string {
  const output = /^\w+/.exec(property.path)?.[0] ?? property.path;
  return isCommand(resource) && ["stdout", "stderr"].includes(output)
    ? `additionalSecretOutputs: ["${output}"] in the command's options`
    : `it to pulumi.secret(…)`;
}
