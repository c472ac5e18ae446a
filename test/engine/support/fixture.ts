import { randomBytes } from "node:crypto";

import { startControlPlane, type ControlPlane } from "./controlPlane.ts";
import { type Project, type Stack, Workplace } from "./stack.ts";
import { findTools } from "./tools.ts";

/** What all engine tests share: one control plane, one engine; each has stacks of its own. */
interface Fixture {
  readonly controlPlane: ControlPlane;
  readonly workplace: Workplace;
}

let running: Fixture | undefined;

/** A value that must be seen nowhere but in the cluster: it is in every stack's program. */
export const plantedToken = `planted-${randomBytes(12).toString("hex")}`;

/** The shared control plane. */
export function controlPlane(): ControlPlane {
  return started().controlPlane;
}

/** Makes a stack that is ready to be updated. */
export async function newStack(name: string): Promise<Stack> {
  const { workplace, controlPlane: plane } = started();
  const stack = await workplace.stack(name);
  await stack.configure({ kubeconfig: plane.kubeconfig, token: plantedToken }, true);
  return stack;
}

/** Makes a stack of another project, which its config file makes ready. */
export async function newStackOf(project: Project, name: string): Promise<Stack> {
  return started().workplace.stack(name, project);
}

function started(): Fixture {
  if (!running) throw new Error("nothing runs before mocha's first hook");
  return running;
}

// Mocha loads this with the first file of tests that imports it: these hooks stand around all files.
before("the control plane and the engine start", async () => {
  const found = findTools();
  const workplace = await Workplace.open(found);
  running = { controlPlane: await startControlPlane(found), workplace };
});

after("the control plane and the engine end", async () => {
  await running?.controlPlane.stop();
  await running?.workplace.close();
});
