import type { Bag } from "./properties.ts";
import type { Path, Properties } from "./values.ts";

/** A refused property. Without a property, the whole resource is refused. */
export interface Failure {
  readonly property?: string;
  readonly reason: string;
}

/** The change of a property, and whether it replaces the resource. */
export type Change =
  "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

/** One entry of a detailed diff. */
export interface PropertyChange {
  readonly change: Change;
  /** Whether old inputs are compared, instead of the old state. */
  readonly ofInputs: boolean;
}

/** What an update changes. */
export interface Difference {
  readonly changed: boolean;
  /** Paths that replace the resource. */
  readonly replaces: readonly string[];
  readonly detailed?: ReadonlyMap<string, PropertyChange>;
  readonly deleteBeforeReplace?: boolean;
}

/** Severity of a log line. */
export type Severity = "debug" | "info" | "warning" | "error";

/** Context of one operation. */
export interface Operation {
  readonly urn: string;
  /** The type's token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** Whether nothing may be changed. */
  readonly preview: boolean;
  /** From the resource option `customTimeouts`. 0 without one. */
  readonly timeoutSeconds: number;
  /** From the resource option `ignoreChanges`. */
  readonly ignoreChanges: readonly string[];
  /** Seed for repeatable random names. */
  readonly randomSeed?: Uint8Array;
  /** A name from the project's autonaming rules. Null when they disable autonaming. */
  readonly proposedName?: string | null;
  /** Aborted when the user presses Ctrl-C. */
  readonly cancelled: AbortSignal;
  /** Logs a line for this resource. */
  log(severity: Severity, message: string): void;
  /** Shows progress. The next status replaces it. */
  status(message: string): void;
}

/** Properties for the engine, with the paths of secrets. */
export interface State {
  readonly value: Properties;
  readonly secrets: readonly Path[];
}

/** The resource exists but is not ready or not updated. The engine records it and updates it again. */
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

/** The operations of a resource plugin. */
export interface Provider {
  /** The version of the replaced plugin. */
  readonly version: string;
  checkConfig(news: Bag): Promise<readonly Failure[]>;
  diffConfig(olds: Bag, news: Bag): Promise<Difference>;
  configure(settings: Bag, operation: Operation): Promise<void>;
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
  /** Undefined when the resource was deleted. */
  read(
    operation: Operation,
    id: string,
    inputs: Bag,
    state: Bag,
  ): Promise<{ id: string; state: State; inputs: State } | undefined>;
  update(operation: Operation, id: string, state: Bag, oldInputs: Bag, news: Bag): Promise<State>;
  delete(operation: Operation, id: string, state: Bag, inputs: Bag): Promise<void>;
}
