import { RevganError } from "../../protocol/errors";
import type { Kernels } from "../kernels/kernels";
import { elements, type Shape } from "../kernels/tensor";
import type { Parameter } from "../nn/parameter";
import type { HostTensor } from "./safetensors";

/** Host tensors by name. */
export type NamedTensors = ReadonlyMap<string, HostTensor>;

/** PyTorch's buffers of norms with running statistics, which ours do not have. */
const ignored = /\.(running_mean|running_var|num_batches_tracked)$/;

/** Weights as PyTorch stores them; biases that have no effect are zeros. */
export function toPyTorch(k: Kernels, parameters: readonly Parameter[]): NamedTensors {
  const tensors = new Map<string, HostTensor>();
  for (const { plan, value } of parameters) {
    tensors.set(plan.name, pyTorchLayout({ shape: value.shape, data: k.read(value) }));
    if (plan.idleBias !== null) tensors.set(idleName(plan.name), { shape: [plan.idleBias], data: new Float32Array(plan.idleBias) });
  }
  return tensors;
}

/**
 * The value of each parameter, in our layout, from weights under PyTorch's names.
 *
 * @throws RevganError `checkpoint`, naming the file, when a name is missing, unknown or of another shape
 */
export function fromPyTorch(tensors: NamedTensors, plans: readonly Parameter["plan"][], file: string): Map<string, Float32Array> {
  const known = new Set(plans.flatMap(({ name, idleBias }) => (idleBias === null ? [name] : [name, idleName(name)])));
  const remedy = "Use weights of a network with the same configuration";
  for (const name of tensors.keys()) {
    if (!known.has(name) && !ignored.test(name)) throw new RevganError("checkpoint", `${file} has a tensor ${name} that this network does not have`, remedy);
  }
  return new Map(
    plans.map(({ name, shape }) => {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new RevganError("checkpoint", `${file} lacks the tensor ${name}`, remedy);
      const expected = pyTorchShape(shape);
      if (tensor.shape.join() !== expected.join()) {
        throw new RevganError("checkpoint", `${file}: ${name} is [${tensor.shape.join(", ")}], but this network takes [${expected.join(", ")}]`, remedy);
      }
      return [name, ourLayout(tensor).data];
    }),
  );
}

/** `[...size, in, out]` to `[out, in, ...size]`; for a transposed convolution, whose filter is `[...size, out, in]`, `[in, out, ...size]`. */
export function pyTorchLayout(tensor: HostTensor): HostTensor {
  const rank = tensor.shape.length;
  return rank === 1 ? tensor : transposed(tensor, [rank - 1, rank - 2, ...range(rank - 2)]);
}

/** The inverse of {@link pyTorchLayout}. */
export function ourLayout(tensor: HostTensor): HostTensor {
  const rank = tensor.shape.length;
  return rank === 1 ? tensor : transposed(tensor, [...range(rank - 2).map((axis) => axis + 2), 1, 0]);
}

function pyTorchShape(shape: Shape): Shape {
  return shape.length === 1 ? shape : [shape[shape.length - 1]!, shape[shape.length - 2]!, ...shape.slice(0, -2)];
}

/** Axis i of the result is axis `order[i]` of the source. */
function transposed({ shape, data }: HostTensor, order: readonly number[]): HostTensor {
  const strides = shape.map((_, axis) => elements(shape.slice(axis + 1)));
  const sizes = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const result = new Float32Array(data.length);
  const index = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      index[axis] = 0;
    }
  }
  return { shape: sizes, data: result };
}

function idleName(weight: string): string {
  return weight.replace(/weight$/, "bias");
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
