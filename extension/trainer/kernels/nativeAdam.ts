import type { AdamRates, AdamState } from "./kernels";
import type { TensorFlow } from "./tensorflow";

/**
 * Adam by TensorFlow's ResourceApplyAdam: one pass over value, m and v, in place, several times as fast as the dozen elementwise
 * operations that it replaces, and without their temporaries. It works on three resource variables that all parameters share: each step
 * assigns the parameter's tensors to them and drops our own handles, since a variable updates in place only memory that nothing else
 * refers to.
 */
export class NativeAdam {
  private variables: number[] = [];
  /** The current step's hyperparameters as scalars, shared by all parameters. */
  private scalars: { readonly of: AdamRates; readonly ids: readonly number[] } | null = null;

  constructor(private readonly tf: TensorFlow) {}

  /** Updates value, m and v in place; borrows the gradient, a TensorFlow id. */
  step(state: AdamState, gradient: number, rates: AdamRates): void {
    const { tf } = this;
    const scalars = this.scalarsOf(rates);
    const tensors = [state.value, state.m, state.v];
    const variables = this.acquire(tensors.length);
    const dtype = [tf.type("dtype", "float")];
    tensors.forEach((tensor, i) => {
      tf.runMany("AssignVariableOp", dtype, [variables[i]!, tensor.handle as number], 0);
      tf.free(tensor.handle as number);
    });
    tf.runMany(
      "ResourceApplyAdam",
      [tf.float, tf.bool("use_locking", false), tf.bool("use_nesterov", false)],
      [...variables, ...scalars, gradient],
      0,
    );
    tensors.forEach((tensor, i) => {
      tensor.replaceHandle(tf.run("ReadVariableOp", dtype, [variables[i]!]).id);
    });
  }

  /** Frees the variables. */
  dispose(): void {
    for (const variable of this.variables) this.tf.runMany("DestroyResourceOp", [], [variable], 0);
    this.tf.free(...this.variables, ...(this.scalars?.ids ?? []));
    this.variables = [];
    this.scalars = null;
  }

  private scalarsOf(rates: AdamRates): readonly number[] {
    if (this.scalars?.of === rates) return this.scalars.ids;
    const { step, learningRate, beta1, beta2, epsilon } = rates;
    // TensorFlow adds eps to √v before the bias correction, PyTorch after it. Scaling eps and the rate here, in double precision, makes
    // TensorFlow compute PyTorch's update.
    const correction = Math.sqrt(1 - beta2 ** step);
    const rate = (learningRate * correction) / (1 - beta1 ** step);
    this.tf.free(...(this.scalars?.ids ?? []));
    const ids = [0, 0, rate, beta1, beta2, epsilon * correction].map((value) =>
      this.tf.floats(Float32Array.of(value), []),
    );
    this.scalars = { of: rates, ids };
    return ids;
  }

  private acquire(count: number): readonly number[] {
    while (this.variables.length < count) {
      const name = this.tf.text("shared_name", `revgan-adam-${this.variables.length}`);
      const { id } = this.tf.run(
        "VarHandleOp",
        [name, this.tf.text("container", ""), this.tf.type("dtype", "float"), this.tf.shape("shape", [])],
        [],
      );
      this.variables.push(id);
    }
    return this.variables;
  }
}
