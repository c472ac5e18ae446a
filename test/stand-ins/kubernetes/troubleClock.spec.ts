import { expect } from "chai";

import type { Properties } from "../../../stand-ins/kit/values.ts";
import { TroubleClock } from "../../../stand-ins/kubernetes/await/troubleClock.ts";

function pod(state: Properties, more: Properties = {}, uid = "1"): Properties {
  return {
    metadata: { name: `web-${uid}`, namespace: "shop", uid },
    status: { containerStatuses: [{ name: "c", ready: false, restartCount: 0, state, ...more }] },
  };
}

const waiting = (reason: string, message = "") => ({ waiting: { reason, message } });
const bad = pod(waiting("ImagePullBackOff", "Back-off pulling image x"));
const running = pod({ running: {} });
const healthy = pod({ running: {} }, { ready: true });

/** Feeds a clock with [second, pod] and gives what it says at the end. */
function watch(...looks: [number, Properties][]): string[] {
  let now = 0;
  const clock = new TroubleClock(() => now * 1000);
  let reasons: string[] = [];
  for (const [second, seen] of looks) {
    now = second;
    reasons = clock.observe([seen]);
  }
  return reasons;
}

describe("container problems", () => {
  it("fail after twelve seconds with pod, container, reason and message", () => {
    expect(watch([0, bad])).to.deep.equal([]);
    expect(watch([0, bad], [11, bad])).to.deep.equal([]);
    expect(watch([0, bad], [12, bad])).to.deep.equal([
      "Pod shop/web-1, container c: ImagePullBackOff: Back-off pulling image x",
    ]);
  });

  for (const reason of [
    "ErrImagePull",
    "InvalidImageName",
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "RunContainerError",
  ]) {
    it(`include ${reason}`, () => {
      const seen = pod(waiting(reason));
      expect(watch([0, seen], [13, seen])).to.have.length(1);
    });
  }

  it("exclude starting containers and unscheduled pods", () => {
    const creating = pod(waiting("ContainerCreating"));
    expect(watch([0, creating], [60, creating])).to.deep.equal([]);
    const unschedulable = {
      metadata: { name: "web", uid: "1" },
      status: { conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] },
    };
    expect(watch([0, unschedulable], [60, unschedulable])).to.deep.equal([]);
  });

  it("continue while reasons alternate", () => {
    const pull = pod(waiting("ErrImagePull", "refused"));
    expect(watch([0, pull], [6, bad], [13, pull])[0]).to.contain("ErrImagePull: refused");
  });

  it("end when the container recovers", () => {
    expect(watch([0, bad], [5, running], [20, running], [40, running])).to.deep.equal([]);
    expect(watch([0, bad], [5, healthy], [16, healthy], [20, bad], [30, bad])).to.deep.equal([]);
  });

  it("continue while a container runs between two crashes", () => {
    const crash = (restartCount: number) =>
      pod(waiting("CrashLoopBackOff", "back-off"), {
        restartCount,
        lastState: { terminated: { reason: "Error", exitCode: 3, message: "no database\n" } },
      });
    const up = (restartCount: number) => pod({ running: {} }, { ready: true, restartCount });
    const [reason] = watch([0, crash(1)], [10, up(2)], [13, crash(2)]);
    expect(reason).to.equal(
      "Pod shop/web-1, container c: CrashLoopBackOff: back-off; it last ended with Error (exit code 3): no database",
    );
  });

  it("continue when a ready container was restarted", () => {
    const crash = pod(waiting("CrashLoopBackOff"), { restartCount: 1 });
    const up = (restartCount: number) => pod({ running: {} }, { ready: true, restartCount });
    expect(watch([0, crash], [5, up(2)], [10, up(3)], [15, up(3)], [16, crash])).to.have.length(1);
  });

  it("fail for a running container that keeps restarting", () => {
    const crash = pod(waiting("CrashLoopBackOff"), { restartCount: 1 });
    const up = pod({ running: {} }, { restartCount: 2 });
    expect(watch([0, crash], [15, up])).to.deep.equal([]);
    expect(watch([0, crash], [16, up])).to.have.length(1);
  });

  it("do not carry over from a deleted pod to the next one", () => {
    const next = pod(waiting("ImagePullBackOff"), {}, "2");
    expect(watch([0, bad], [8, next], [14, next])).to.deep.equal([]);
  });

  it("include init containers", () => {
    const seen = {
      metadata: { name: "web", namespace: "shop", uid: "1" },
      status: {
        initContainerStatuses: [
          { name: "init", ready: false, state: waiting("ErrImagePull", "no") },
        ],
      },
    };
    expect(watch([0, seen], [12, seen])[0]).to.contain("container init: ErrImagePull");
  });
});
