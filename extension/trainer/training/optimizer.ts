import type { AdamRates, Kernels } from "../kernels/kernels";
import { elements, type Tensor } from "../kernels/tensor";
import type { Parameter } from "../nn/parameter";

/** The two moments of a parameter. */
export interface MomentPair {
  readonly m: Tensor;
  readonly v: Tensor;
}

/** Adam over a set of parameters; its state is a plain map by parameter name. */
export class Optimizer {
  readonly moments = new Map<string, MomentPair>();

  /** Moments start at zero. */
  constructor(
    private readonly k: Kernels,
    private readonly parameters: readonly Parameter[],
  ) {
    k.ledger.within("moments", () => {
      for (const { name, value } of parameters) {
        const zero = (): Tensor => k.tensor(new Float32Array(elements(value.shape)), value.shape);
        this.moments.set(name, { m: zero(), v: zero() });
      }
    });
  }

  /** One step with the gradients at hand, which it clears. A parameter without a gradient stays as it is. */
  step(rates: AdamRates): void {
    for (const parameter of this.parameters) {
      if (parameter.gradient === null) continue;
      const { m, v } = this.moments.get(parameter.name)!;
      this.k.ledger.within("other", () => {
        this.k.adam({ value: parameter.value, m, v }, parameter.gradient!, rates);
      });
      parameter.clear();
    }
  }

  dispose(): void {
    for (const { m, v } of this.moments.values()) {
      m.dispose();
      v.dispose();
    }
    this.moments.clear();
  }
}
