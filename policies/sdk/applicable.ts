/**
 * Rules for stacks that have a resource of one type. The SDK decodes every resource of the stack
 * for every rule, and skips a rule whose type is absent.
 */
import type { StackValidation } from "@pulumi/policy";

/** The validation, which runs only where the stack has a resource of this type. */
export function whereStackHas(type: string, validate: StackValidation): StackValidation {
  const typed: StackValidation = (args, report) => validate(args, report);
  return Object.assign(typed, { __pulumiType: type });
}

/** Gives a validation the type of another. */
export function likewiseFor(other: StackValidation, validate: StackValidation): StackValidation {
  const { __pulumiType: type } = other as { __pulumiType?: string };
  return type === undefined ? validate : whereStackHas(type, validate);
}
