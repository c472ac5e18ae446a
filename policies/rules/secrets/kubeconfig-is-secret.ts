import type { PolicyResource, ReportViolation, StackValidationPolicy } from "@pulumi/policy";

import { isCommand } from "../../facts/commands.ts";
import { Property } from "../../sdk/property.ts";
import { valuesIn, type Value } from "../../sdk/secrecy.ts";

const defaults = { outputs: "^kube_?config$" };

/**
 * A kubeconfig gives full control of the cluster. One that is not secret appears in
 * the state file, in `pulumi stack output`, in preview logs and in a pull request's comment. The
 * engine also prints a command's stdout while the command runs, unless `logging` forbids it.
 */
export const kubeconfigIsSecret: StackValidationPolicy = {
  name: "kubeconfig-is-secret",
  displayName: "A kubeconfig is a secret",
  description:
    "Every kubeconfig is secret, in resources and in stack outputs, and no command prints one.",
  enforcementLevel: "mandatory",
  severity: "critical",
  tags: ["secrets"],
  url: "https://www.pulumi.com/docs/iac/concepts/secrets/",
  remediationSteps:
    'For a command, set additionalSecretOutputs: ["stdout"] in its options and logging: "none" in its arguments. For a value, use pulumi.secret(value). Then rotate the credentials, because the old state keeps them. Run `minikube delete` and `npm run up`, or create new credentials in the cloud.',
  configSchema: {
    properties: {
      outputs: {
        type: "string",
        description:
          "Case-insensitive regular expression for names of stack outputs that hold a kubeconfig.",
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
        if (isSecret) reportOpenStdout(resource, property, report);
        const isOpen = isStack && property.isUnknown && named.test(property.path);
        if (!isSecret && (isOpen || isKubeconfig(property.text))) {
          const set = remedy(resource, property);
          report(`${property.path} is a kubeconfig that is not secret. Fix: ${set}`, resource.urn);
        }
      }
      const printed = values.find((value) => printsKubeconfig(resource, value));
      if (printed === undefined) continue;
      const { path } = printed.property;
      const message = `the engine prints ${path}, which is a kubeconfig. Fix: set logging to "none"`;
      report(message, resource.urn);
    }
  },
};

/**
 * Reports a command whose stdout becomes a secret kubeconfig but is not secret itself. The property
 * dependencies show this before the command has run.
 */
function reportOpenStdout(resource: PolicyResource, property: Property, report: ReportViolation) {
  if (property.path !== "kubeconfig" || !property.isUnknown) return;
  const commands = (resource.propertyDependencies[property.path] ?? []).filter(isCommand);
  const keeps = (command: PolicyResource) =>
    valuesIn(command.props).some((value) => value.property.path === "stdout" && value.isSecret);
  if (commands.some(keeps)) return;
  for (const { urn } of commands) {
    const set = `set additionalSecretOutputs: ["stdout"] in the command's options`;
    report(
      `stdout is not secret, but ${resource.name} reads its kubeconfig from it. Fix: ${set}`,
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
    ? `set additionalSecretOutputs: ["${output}"] in the command's options`
    : `set it to pulumi.secret(…)`;
}
