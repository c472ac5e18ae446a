/**
 * What a program asked for, beside what came of it. A rule about the whole stack is shown only
 * outputs, and those are empty where they matter most: in the first preview, when the cluster does
 * not exist yet, no Kubernetes object has any; and a component's outputs are only what it chose to
 * register. The engine shows the inputs too, earlier and one resource at a time, so they are kept.
 */
import type {
  Policies,
  ResourceValidationPolicy,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";

/** The rules, with inputs remembered for those about the stack: `props` then holds them as well. */
export function rememberingInputs(rules: Policies): Policies {
  const memory = new Memory();
  return rules.map((rule) =>
    "validateStack" in rule ? remindedOf(memory, rule) : reportingTo(memory, rule),
  );
}

/** Inputs by URN, of the operation that is going on. */
class Memory {
  readonly #inputs = new Map<string, object>();
  #isOver = false;

  keep(urn: string, inputs: object): void {
    // The engine runs a preview and the update after it with the same pack.
    if (this.#isOver) this.#inputs.clear();
    this.#isOver = false;
    this.#inputs.set(urn, inputs);
  }

  recall(urn: string): object | undefined {
    this.#isOver = true;
    return this.#inputs.get(urn);
  }
}

function reportingTo(memory: Memory, rule: ResourceValidationPolicy): ResourceValidationPolicy {
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
  return { ...rule, validateStack };
}

const layers = new WeakMap<object, readonly [outputs: object, inputs: object]>();

/** Properties that are the outputs, and the inputs where there is no output of that name. */
function layered(outputs: object, inputs: object): Record<string, unknown> {
  const props: Record<string, unknown> = {};
  for (const source of [inputs, outputs] as Record<string, unknown>[]) {
    for (const key of Object.keys(source)) {
      // Reading an unknown throws, so it is left to whoever reads.
      const get = () => source[key];
      Object.defineProperty(props, key, { get, enumerable: true, configurable: true });
    }
  }
  layers.set(props, [outputs, inputs]);
  return props;
}

/** What these properties were decoded as: outputs and inputs, or the one thing they are. */
export function layersOf(props: object): readonly object[] {
  return layers.get(props) ?? [props];
}
