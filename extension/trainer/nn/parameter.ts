import type { Kernels } from "../kernels/kernels";
import { elements, type Shape, type Tensor } from "../kernels/tensor";

/** How a parameter starts, as in the authors' code: convolutions N(0, 0.02), the scales of batch norms N(1, 0.02), biases 0. */
export type Initialization = "normal" | "aroundOne" | "zero";

/** What a layer asks for. */
export interface ParameterPlan {
  /** As PyTorch names it. */
  readonly name: string;
  /** Filters as the kernels have them, biases `[c]`. */
  readonly shape: Shape;
  readonly initial: Initialization;
  /** Length of the bias that PyTorch's module has beside this filter and that a norm takes away again; null where there is none. */
  readonly idleBias: number | null;
}

/** Makes a network's parameters. */
export type CreateParameter = (plan: ParameterPlan) => Parameter;

/** A trained tensor with the gradient that a step gathers for it. */
export class Parameter {
  /** Sum of the gradients of the present step, null before the first. */
  gradient: Tensor | null = null;

  /** @param value owned */
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

  /** Forgets the gradient. */
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
  // Deep networks are built for every point of a chart, and `flatMap` takes several times as long.
  const all: Parameter[] = [];
  for (const { parameters } of owners) for (const parameter of parameters) all.push(parameter);
  return all;
}

/**
 * How many numbers are trained as PyTorch counts them, so that they can be put beside published figures: with the biases in front of
 * instance norms, which have no effect and which we do not keep.
 */
export function parameterCount(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, { plan }) => sum + elements(plan.shape) + (plan.idleBias ?? 0), 0);
}
