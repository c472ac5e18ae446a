import { randomBytes } from "node:crypto";

import { startControlPlane, type ControlPlane } from "./controlPlane.ts";
import { type Stack, Workplace } from "./stack.ts";
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

function started(): Fixture {
  if (!running) {
    throw new Error("run these tests by mocha --config .mocharc.engine.json");
  }
  return running;
}

/** Called by mocha before all tests. */
export async function mochaGlobalSetup(): Promise<void> {
  const tools = await findTools();
  const workplace = await Workplace.open(tools);
  running = { controlPlane: await startControlPlane(tools), workplace };
}

/** Called by mocha after all tests. */
export async function mochaGlobalTeardown(): Promise<void> {
  await running?.controlPlane.stop();
  await running?.workplace.close();
}
