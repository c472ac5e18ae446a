/** Runs `index.ts` as a stack whose configuration comes from a file, with CRDs that fit. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import type { MachineText } from "../../components/config/machine.ts";
import { crdsOf } from "./crds.ts";
import { calicoStdout, gcpOutputs, gkeFileStdout } from "./gcp.ts";
import { nodesStdout } from "./nodes.ts";
import { type Answers, type Recording, record } from "./recording.ts";
import { probeStdout } from "./verdict.ts";

/** Outputs that the providers would give. */
const outputs: NonNullable<Answers["outputs"]> = ({ type, name, inputs }) => {
  if (/:(?:Service|Ingress)$/.test(type)) {
    const ip = name === "web-load-balancer" ? "192.0.2.7" : "192.0.2.8";
    return { status: { loadBalancer: { ingress: [{ ip }] } } };
  }
  if (type.startsWith("gcp:")) return gcpOutputs(type, inputs);
  if (type !== "command:local:Command") return {};
  if (name.endsWith("-probe")) return { stdout: probeStdout(inputs) };
  if (name.endsWith("-identity")) {
    const identity = { schemaVersion: 1, uid: "uid-of-the-cluster", kubeconfig: "kubeconfig-path" };
    return { stdout: JSON.stringify(identity) };
  }
  if (name === "network-calico-ready") return { stdout: calicoStdout };
  return {
    stdout: name === "cluster-nodes" || name === "cluster-node-list" ? nodesStdout : "{}",
  };
};

/** Answers of the programs that run in a preview too. */
const invoke: NonNullable<Answers["invoke"]> = (_, { command, environment }) => {
  if (String(command).endsWith(" nodes")) return { stdout: nodesStdout };
  if (String(command).endsWith(" write")) return { stdout: gkeFileStdout(environment) };
  return { stdout: "the secret kubeconfig" };
};

let run = 0;

/** Records the program under `Pulumi.<stack>.yaml`, with single keys replaced, on a machine. */
export async function recordProgram(
  stack: string,
  overlay: Readonly<Record<string, unknown>> = {},
  machine: Omit<MachineText, "crdsDirectory"> = {},
): Promise<Recording> {
  const directory = mkdtempSync(join(tmpdir(), "provenet-crds-"));
  const before = process.env.PROVENET_MACHINE;
  process.env.PROVENET_MACHINE = JSON.stringify({ ...machine, crdsDirectory: directory });
  try {
    for (const file of ["calico", "metallb"] as const) {
      const documents = crdsOf(file).map((manifest) => stringify(manifest));
      writeFileSync(join(directory, `${file}.yaml`), documents.join("---\n"));
    }
    const file = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as {
      config: Record<string, unknown>;
    };
    const values = {
      ...file.config,
      ...Object.fromEntries(
        Object.entries(overlay).map(([key, value]) => [`provenet:${key}`, value]),
      ),
    };
    const config = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    run += 1;
    // A query in the URL makes Node load the module again.
    const address = `../../index.ts?run=${run}`;
    return await record(() => import(address), { config, stack, outputs, invoke });
  } finally {
    if (before === undefined) delete process.env.PROVENET_MACHINE;
    else process.env.PROVENET_MACHINE = before;
    rmSync(directory, { recursive: true });
  }
}
