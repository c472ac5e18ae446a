/** Shows tasks without a terminal. A step prints one line when it ends. A long step prints more. */
import { ListrTaskEventType, ListrTaskState, type ListrTaskObject } from "listr2";

import { formatSeconds } from "../../messages/durations.ts";

/** Where lines go, and how often a long step prints one. */
export interface PlainRendererOptions {
  readonly write: (line: string) => void;
  /** Milliseconds until a step's first line, and between its later ones. @default 2000, 20000 */
  readonly patience?: { readonly announce: number; readonly repeat: number };
}

type PlainTask = ListrTaskObject<unknown>;

/** A renderer for listr2: `title …`, `title: what it does`, `title (12 s)`. */
export class PlainRenderer {
  static readonly nonTTY = true;
  static rendererOptions: PlainRendererOptions = { write: (line) => process.stdout.write(line) };
  static rendererTaskOptions: never;

  readonly #tasks: readonly PlainTask[];
  readonly #options: PlainRendererOptions;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(tasks: PlainTask[], options: PlainRendererOptions) {
    this.#tasks = tasks;
    this.#options = options;
  }

  render(): void {
    for (const task of this.#tasks) this.#follow(task);
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #follow(task: PlainTask): void {
    const { announce, repeat } = this.#options.patience ?? { announce: 2000, repeat: 20_000 };
    let started = 0;
    let latest: string | undefined;
    let ticking: NodeJS.Timeout | undefined;
    const say = (text: string) => {
      this.#options.write(`${text}\n`);
    };
    const stop = () => {
      if (ticking === undefined) return;
      clearInterval(ticking);
      this.#timers.delete(ticking);
    };
    const tick = (every: number, act: () => void) => {
      stop();
      ticking = setInterval(act, every);
      this.#timers.add(ticking);
    };
    task.on(ListrTaskEventType.SUBTASK, (subtasks) => {
      stop();
      for (const subtask of subtasks as readonly PlainTask[]) this.#follow(subtask);
    });
    task.on(ListrTaskEventType.OUTPUT, (output) => {
      latest = output.trim().split("\n").at(-1);
    });
    task.on(ListrTaskEventType.STATE, (state) => {
      const title = task.title ?? "";
      const took = formatSeconds((Date.now() - started) / 1000);
      if (state === ListrTaskState.STARTED) {
        started = Date.now();
        tick(announce, () => {
          say(`${title} …`);
          tick(repeat, () => {
            say(
              `${task.title ?? title}: ${latest ?? "running"} (${formatSeconds((Date.now() - started) / 1000)})`,
            );
          });
        });
      } else if (state === ListrTaskState.COMPLETED) {
        stop();
        // The inner steps have printed everything already.
        if (!task.hasSubtasks() && title !== "") say(`${title} (${took})`);
      } else if (state === ListrTaskState.FAILED) {
        stop();
        if (!task.hasSubtasks() && title !== "") say(`${title}: failed after ${took}`);
      } else if (state === ListrTaskState.SKIPPED) {
        stop();
      }
    });
  }
}
