/**
 * Inputs for stack rules. The engine sends a stack rule outputs only, and in a first preview no
 * Kubernetes object has any. It sends the inputs earlier, one resource at a time, to the resource
 * rules. This module keeps them.
 */
import type {
  Policies,
  ResourceValidationPolicy,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";

import { likewiseFor } from "./applicable.ts";

/** The rules, where `props` of a stack rule holds inputs and outputs. */
export function rememberingInputs(rules: Policies): Policies {
  const memory = new Memory();
  return rules.map((rule) =>
    "validateStack" in rule ? remindedOf(memory, rule) : recordingTo(memory, rule),
  );
}

/** Inputs of the current operation by URN. */
class Memory {
  readonly #inputs = new Map<string, object>();
  #isOver = false;

  keep(urn: string, inputs: object): void {
    // The engine runs a preview and the following update with the same pack.
    if (this.#isOver) this.#inputs.clear();
    this.#isOver = false;
    this.#inputs.set(urn, inputs);
  }

  recall(urn: string): object | undefined {
    this.#isOver = true;
    return this.#inputs.get(urn);
  }
}

function recordingTo(memory: Memory, rule: ResourceValidationPolicy): ResourceValidationPolicy {
  const validations = [rule.validateResource ?? []].flat();
  return {
    ...rule,
    validateResource: async (args, report) => {
      memory.keep(args.urn, args.props);
      for (const validate of validations) await validate(args, report);
    },
  };
}

function remindedOf(memory: Memory, rule: StackValidationPolicy): StackValidationPolicy {
  const validateStack: StackValidation = (args, report) => {
    for (const resource of args.resources) {
      const inputs = memory.recall(resource.urn);
      if (inputs !== undefined) resource.props = layered(resource.props, inputs);
    }
    return rule.validateStack(args, report);
  };
  return { ...rule, validateStack: likewiseFor(rule.validateStack, validateStack) };
}

const layers = new WeakMap<object, readonly [outputs: object, inputs: object]>();

/** The outputs, and the inputs that have no output of that name. */
function layered(outputs: object, inputs: object): Record<string, unknown> {
  const props: Record<string, unknown> = {};
  for (const source of [inputs, outputs] as Record<string, unknown>[]) {
    for (const key of Object.keys(source)) {
      // Reading an unknown value throws, so the getter defers it to the rule.
      const get = () => source[key];
      Object.defineProperty(props, key, { get, enumerable: true, configurable: true });
    }
  }
  layers.set(props, [outputs, inputs]);
  return props;
}

/** The objects that the SDK decoded: outputs and inputs, or the properties themselves. */
export function layersOf(props: object): readonly object[] {
  return layers.get(props) ?? [props];
}

/**
 * The inputs alone, or all properties while the engine has sent no inputs. In a preview a provider
 * returns an optional input that the program does not set as unknown.
 */
export function inputsOf(props: object): object {
  return layersOf(props).at(-1) ?? props;
}
