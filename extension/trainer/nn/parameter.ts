import type { Kernels } from "../kernels/kernels";
import { elements, type Shape, type Tensor } from "../kernels/tensor";

/** Initialisation as in the authors' code: filters N(0, 0.02), scales of batch norms N(1, 0.02), biases 0. */
export type Initialization = "normal" | "aroundOne" | "zero";

/** Name, shape and initialisation of a parameter that a layer needs. */
export interface ParameterPlan {
  /** The parameter's name in PyTorch. */
  readonly name: string;
  /** Filters in the layout of the kernels, biases `[c]`. */
  readonly shape: Shape;
  readonly initial: Initialization;
  /** Length of the bias that PyTorch's module has beside this filter and that the norm behind it cancels; null where there is none. */
  readonly idleBias: number | null;
}

/** Creates a network's parameters: initialised, loaded from a file, or without values. */
export type CreateParameter = (plan: ParameterPlan) => Parameter;

/** A trained tensor and the gradient that a step accumulates for it. */
export class Parameter {
  /** Sum of the gradients accumulated in the current step; null before the first one. */
  gradient: Tensor | null = null;

  /** @param value the initial value; the parameter owns it */
  constructor(
    readonly plan: ParameterPlan,
    readonly value: Tensor,
  ) {}

  get name(): string {
    return this.plan.name;
  }

  /** Adds to the gradient; consumes `gradient`. */
  accumulate(k: Kernels, gradient: Tensor): void {
    k.ledger.assign(gradient, "gradients");
    if (this.gradient === null) {
      this.gradient = gradient;
      return;
    }
    const sum = k.ledger.within("gradients", () => k.binary("add", this.gradient!, gradient));
    this.gradient.dispose();
    gradient.dispose();
    this.gradient = sum;
  }

  /** Frees the gradient. */
  clear(): void {
    this.gradient?.dispose();
    this.gradient = null;
  }

  dispose(): void {
    this.clear();
    this.value.dispose();
  }
}

/** The parameters of layers or couplings, in their order. */
export function parametersOf(owners: readonly { readonly parameters: readonly Parameter[] }[]): Parameter[] {
  // Not `flatMap`, which takes several times as long: the chart of memory by depth builds a deep network for every point.
  const all: Parameter[] = [];
  for (const { parameters } of owners) for (const parameter of parameters) all.push(parameter);
  return all;
}

/**
 * Number of trained values as PyTorch counts them, comparable with published figures: it includes the biases in front of instance norms,
 * which have no effect and which we do not store.
 */
export function parameterCount(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, { plan }) => sum + elements(plan.shape) + (plan.idleBias ?? 0), 0);
}
