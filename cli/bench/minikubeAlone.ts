/** How long `minikube start` takes by itself, beside the stage of ours that calls it. */
import { execa } from "execa";

import type { Figure } from "./figure.ts";
import { projectRoot } from "../stack/project.ts";
import { readStackFile, type Session } from "../stack/session.ts";
import { formatSeconds } from "../../messages/durations.ts";
import { startArguments } from "../../programs/minikube/arguments.ts";
import { schemas } from "../../components/config/schema/schemas.ts";

const name = "cluster stage";

/**
 * Starts a second cluster of the same make with minikube alone and deletes it, when `measure` says
 * so: it takes as much memory as the first one. Without it only our own stage is told.
 */
export async function minikubeAlone(
  session: Session,
  stage: number | undefined,
  measure: boolean,
): Promise<Figure> {
  const ours = stage === undefined ? "not on record" : formatSeconds(stage);
  const figure = { name, seconds: stage === undefined ? {} : { stage } };
  if (!measure) return { ...figure, text: `${ours} (--cluster measures minikube alone beside it)` };
  const settings = schemas.cluster.parse(
    readStackFile(session.environment).config["provenet:cluster"],
  );
  if (settings.kind !== "minikube" || !session.workplace.isUp()) {
    return { ...figure, text: `${ours}; minikube alone not measured: no cluster of its is up` };
  }
  // The next network over, so that the one that is up stays as it is.
  const second = {
    ...settings,
    profile: "bench",
    nodeNetwork: "192.168.59.0/24",
    podNetwork: settings.podNetwork.text,
    serviceNetwork: settings.serviceNetwork.text,
  };
  const minikube = (args: readonly string[]) => {
    const [program = "minikube", ...rest] = [
      ...session.workplace.enter("client"),
      ...["minikube", ...args],
    ];
    return execa(program, rest, {
      cwd: projectRoot,
      env: {
        ...session.workplace.variables(),
        KUBECONFIG: `${session.paths.directory}/kubeconfig-bench`,
      },
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
  };
  const started = performance.now();
  const { exitCode } = await minikube(startArguments(second, process.geteuid?.() === 0));
  const alone = (performance.now() - started) / 1000;
  await minikube(["delete", "--profile", second.profile]);
  if (exitCode !== 0) return { ...figure, text: `${ours}; minikube alone failed` };
  return {
    name,
    text: `${ours}, minikube start alone ${formatSeconds(alone)}`,
    seconds: { ...figure.seconds, alone },
  };
}
