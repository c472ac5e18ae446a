import { randomBytes } from "node:crypto";

import { startControlPlane, type ControlPlane } from "./controlPlane.ts";
import { type Project, type Stack, Workplace } from "./stack.ts";
import { findTools } from "./tools.ts";

/** One control plane and one engine for all engine tests. Each test has separate stacks. */
interface Fixture {
  readonly controlPlane: ControlPlane;
  readonly workplace: Workplace;
}

let running: Fixture | undefined;

/** A secret in every stack's program. It may appear in the cluster only. */
export const plantedToken = `planted-${randomBytes(12).toString("hex")}`;

/** The shared control plane. */
export function controlPlane(): ControlPlane {
  return started().controlPlane;
}

/** Creates a stack that is ready for an update. */
export async function newStack(name: string): Promise<Stack> {
  const { workplace, controlPlane: plane } = started();
  const stack = await workplace.stack(name);
  await stack.configure({ kubeconfig: plane.kubeconfig, token: plantedToken }, true);
  return stack;
}

/** Creates a stack of another project. The caller fills its config file. */
export async function newStackOf(project: Project, name: string): Promise<Stack> {
  return started().workplace.stack(name, project);
}

function started(): Fixture {
  if (!running) throw new Error("the engine fixture is used before mocha's root hooks");
  return running;
}

// Mocha registers these as root hooks, which run once around all files.
before("the control plane and the engine start", async () => {
  const found = findTools();
  const workplace = await Workplace.open(found);
  running = { controlPlane: await startControlPlane(found), workplace };
});

after("the control plane and the engine end", async () => {
  await running?.controlPlane.stop();
  await running?.workplace.close();
});
