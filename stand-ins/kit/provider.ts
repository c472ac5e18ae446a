import type { Bag } from "./properties.ts";
import type { Path, Properties } from "./values.ts";

/** One property that a provider refuses, or a refusal of the whole when there is no property. */
export interface Failure {
  readonly property?: string;
  readonly reason: string;
}

/** What happens to one property, and whether the resource must be replaced because of it. */
export type Change =
  "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

/** One line of a detailed diff. */
export interface PropertyChange {
  readonly change: Change;
  /** Compares inputs with inputs; otherwise the old state with the new inputs. */
  readonly ofInputs: boolean;
}

/** The answer to "what would this update do?". */
export interface Difference {
  readonly changed: boolean;
  /** Paths that force a replacement. */
  readonly replaces: readonly string[];
  readonly detailed?: ReadonlyMap<string, PropertyChange>;
  readonly deleteBeforeReplace?: boolean;
}

/** How serious a line for the person at the terminal is. */
export type Severity = "debug" | "info" | "warning" | "error";

/** What a provider knows of the operation it is asked to do. */
export interface Operation {
  readonly urn: string;
  /** The type's token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** Nothing may be changed: say only what would come of it. */
  readonly preview: boolean;
  /** From the resource option `customTimeouts`; 0 when it has none. */
  readonly timeoutSeconds: number;
  /** From the resource option `ignoreChanges`. */
  readonly ignoreChanges: readonly string[];
  /** Makes random names repeatable, when the engine wants them so. */
  readonly randomSeed?: Uint8Array;
  /** A name from the project's own naming rules; null when these forbid naming by itself. */
  readonly proposedName?: string | null;
  /** Aborted when the person presses Ctrl-C. */
  readonly cancelled: AbortSignal;
  /** Tells the person something, at this resource's line. */
  log(severity: Severity, message: string): void;
  /** Tells what is going on just now; replaced by the next such line. */
  status(message: string): void;
}

/** A bag on its way to the engine. */
export interface State {
  readonly value: Properties;
  readonly secrets: readonly Path[];
}

/** Thrown when the resource exists but is not what was asked for: the engine records it and comes back to it. */
export class PartialFailure extends Error {
  readonly id: string;
  readonly state: State;
  readonly inputs: State | undefined;
  readonly reasons: readonly string[];

  constructor(id: string, state: State, inputs: State | undefined, reasons: readonly string[]) {
    super(reasons[0] ?? "the resource is not ready");
    this.id = id;
    this.state = state;
    this.inputs = inputs;
    this.reasons = reasons;
  }
}

/** What a resource plugin of ours must answer. */
export interface Provider {
  /** The version of the plugin that it stands in for. */
  readonly version: string;
  checkConfig(news: Bag): Promise<readonly Failure[]>;
  diffConfig(olds: Bag, news: Bag): Promise<Difference>;
  configure(settings: Bag): Promise<void>;
  invoke(token: string, args: Bag, operation: Operation): Promise<State>;
  check(
    operation: Operation,
    olds: Bag,
    news: Bag,
  ): Promise<{ inputs: State; failures: readonly Failure[] }>;
  diff(
    operation: Operation,
    id: string,
    state: Bag,
    oldInputs: Bag,
    news: Bag,
  ): Promise<Difference>;
  create(operation: Operation, inputs: Bag): Promise<{ id: string; state: State }>;
  /** Undefined when the resource is no longer there. */
  read(
    operation: Operation,
    id: string,
    inputs: Bag,
    state: Bag,
  ): Promise<{ id: string; state: State; inputs: State } | undefined>;
  update(operation: Operation, id: string, state: Bag, oldInputs: Bag, news: Bag): Promise<State>;
  delete(operation: Operation, id: string, state: Bag, inputs: Bag): Promise<void>;
}
