/** Runs listr2 tasks: a live display on a terminal, plain lines elsewhere. */
import { Listr, PRESET_TIMER, type ListrTask } from "listr2";

import { PlainRenderer } from "./plainRenderer.ts";
import { formatSeconds } from "../../messages/durations.ts";

/** Where tasks are shown. `stderr` leaves standard output to JSON. */
export type Display = "stdout" | "stderr";

interface Titled {
  title?: string;
  /** Missing until the task has begun. */
  readonly subtasks?: readonly Titled[];
  isPending(): boolean;
  hasSubtasks(): boolean;
}

/** Runs the tasks one after the other. */
export async function runTasks(
  tasks: readonly ListrTask[],
  display: Display = "stdout",
): Promise<void> {
  // A terminal of a pipeline may have no width.
  const canDraw = process.stdout.isTTY && process.stdout.columns >= 20;
  if (display === "stderr" || !canDraw) {
    const stream = display === "stderr" ? process.stderr : process.stdout;
    const plain = new Listr<unknown, typeof PlainRenderer>(
      tasks as ListrTask<unknown, typeof PlainRenderer>[],
      {
        renderer: PlainRenderer,
        rendererOptions: { write: (line) => stream.write(line) },
        registerSignalListeners: false,
      },
    );
    await plain.run();
    return;
  }
  const live = new Listr([...tasks], {
    rendererOptions: {
      timer: PRESET_TIMER,
      // main.ts prints the error with its fix.
      showErrorMessage: false,
      collapseSkips: true,
      removeEmptyLines: true,
    },
    registerSignalListeners: false,
  });
  const stop = showElapsed(() => live.tasks);
  try {
    await live.run();
  } finally {
    stop();
  }
}

/**
 * Shows the elapsed seconds after the title of each running step. listr2 shows them only at the
 * end. `every` is the interval in milliseconds. Returns a function that stops.
 */
export function showElapsed(tasks: () => readonly Titled[], every = 1000): () => void {
  const seen = new Map<Titled, { base: string; shown: string; since: number }>();
  const visit = (task: Titled): void => {
    task.subtasks?.forEach(visit);
    const known = seen.get(task);
    if (task.isPending() && !task.hasSubtasks() && task.title !== undefined) {
      const since = known?.since ?? Date.now();
      // The task may have changed its title since the last refresh.
      const base = known?.shown === task.title ? known.base : task.title;
      const shown = `${base}  ${formatSeconds(Math.floor((Date.now() - since) / 1000) || 0.1)}`;
      task.title = shown;
      seen.set(task, { base, shown, since });
    } else if (known !== undefined) {
      if (task.title === known.shown) task.title = known.base;
      seen.delete(task);
    }
  };
  const refresh = () => {
    tasks().forEach(visit);
  };
  const timer = setInterval(refresh, every);
  return () => {
    clearInterval(timer);
    refresh();
  };
}
