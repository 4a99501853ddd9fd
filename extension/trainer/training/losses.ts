import type { Kernels } from "../kernels/kernels";
import { dispose, elements, type Tensor } from "../kernels/tensor";

/** A weighted loss (a scalar) and its gradient with respect to the prediction. The caller owns both tensors. */
export interface Loss {
  readonly value: Tensor;
  readonly gradient: Tensor;
}

/** Computes a loss of a prediction x, which it borrows. */
export type LossFunction = (k: Kernels, x: Tensor) => Loss;

/** weight · mean((x − target)²): the least-squares GAN (Mao 2017), as CycleGAN uses it. */
export function leastSquares(target: number, weight: number): LossFunction {
  return (k, x) => {
    const difference = k.binary("add", x, -target);
    const squares = k.unary("square", difference);
    const value = scaledBy(k, k.mean(squares), weight);
    const gradient = k.binary("multiply", difference, (2 * weight) / elements(x.shape));
    dispose(difference, squares);
    return { value, gradient };
  };
}

/** weight · mean binary cross-entropy of logits: softplus(x) − target·x, whose gradient is sigmoid(x) − target. */
export function crossEntropy(target: 0 | 1, weight: number): LossFunction {
  return (k, x) => {
    const signed = k.binary("multiply", x, target === 1 ? -1 : 1);
    const losses = k.unary("softplus", signed);
    const value = scaledBy(k, k.mean(losses), weight);
    dispose(signed, losses);
    const probability = k.unary("sigmoid", x);
    const difference = k.binary("add", probability, -target);
    const gradient = k.binary("multiply", difference, weight / elements(x.shape));
    dispose(probability, difference);
    return { value, gradient };
  };
}

/** weight · mean|x − truth|; the gradient at 0 is 0, as in PyTorch. Borrows truth. */
export function l1Loss(truth: Tensor, weight: number): LossFunction {
  return (k, x) => {
    const difference = k.binary("subtract", x, truth);
    const distances = k.unary("abs", difference);
    const value = scaledBy(k, k.mean(distances), weight);
    distances.dispose();
    const sign = k.unary("sign", difference);
    difference.dispose();
    const gradient = k.binary("multiply", sign, weight / elements(x.shape));
    sign.dispose();
    return { value, gradient };
  };
}

/** x · factor; consumes x. */
function scaledBy(k: Kernels, x: Tensor, factor: number): Tensor {
  if (factor === 1) return x;
  const y = k.binary("multiply", x, factor);
  x.dispose();
  return y;
}
