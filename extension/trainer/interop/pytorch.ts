import { RevganError } from "../../protocol/errors";
import type { HostTensor } from "../kernels/tensor";
import type { Kernels } from "../kernels/kernels";
import { elements, type Shape } from "../kernels/tensor";
import type { Parameter } from "../nn/parameter";
import type { RunningStatistics } from "../nn/runningStatistics";

/** Host tensors by name. */
export type NamedTensors = ReadonlyMap<string, HostTensor>;

/** PyTorch's buffers of norms. Those of batch norms are loaded if present; those of instance norms have no effect. */
const buffers = /\.(running_mean|running_var|num_batches_tracked)$/;

/** Weights as PyTorch stores them. Biases that have no effect and are not stored here are written as zeros. */
export function toPyTorch(k: Kernels, parameters: readonly Parameter[]): NamedTensors {
  const tensors = new Map<string, HostTensor>();
  for (const { plan, value } of parameters) {
    tensors.set(plan.name, pyTorchLayout({ shape: value.shape, data: k.read(value) }));
    if (plan.idleBias !== null)
      tensors.set(idleBiasName(plan.name), { shape: [plan.idleBias], data: new Float32Array(plan.idleBias) });
  }
  return tensors;
}

/**
 * The value of each parameter, in our layout, from weights under PyTorch's names.
 *
 * @throws RevganError `checkpoint`, naming the file, when a name is missing, unknown or of another shape
 */
export function fromPyTorch(
  tensors: NamedTensors,
  plans: readonly Parameter["plan"][],
  file: string,
): Map<string, Float32Array> {
  const known = new Set(
    plans.flatMap(({ name, idleBias }) => (idleBias === null ? [name] : [name, idleBiasName(name)])),
  );
  const remedy = "Use weights of a network with the same configuration";
  for (const name of tensors.keys()) {
    if (!known.has(name) && !buffers.test(name))
      throw new RevganError("checkpoint", `${file} has a tensor ${name} that this network does not have`, remedy);
  }
  const fitting = (name: string, shape: Shape): HostTensor => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new RevganError("checkpoint", `${file} lacks the tensor ${name}`, remedy);
    if (tensor.shape.join() === shape.join()) return tensor;
    throw new RevganError(
      "checkpoint",
      `${file}: ${name} is [${tensor.shape.join(", ")}], but this network takes [${shape.join(", ")}]`,
      remedy,
    );
  };
  return new Map(
    plans.map(({ name, shape, initial }) => {
      // A parameter that is initialised around 1 is the scale of a batch norm, which may have running statistics to check.
      if (initial === "aroundOne")
        for (const buffer of statisticsNames(name.replace(/\.weight$/, "")))
          if (tensors.has(buffer)) fitting(buffer, shape);
      return [name, ourLayout(fitting(name, pyTorchShape(shape))).data];
    }),
  );
}

/** Running statistics under PyTorch's names, without `num_batches_tracked`, which has no effect. */
export function statisticsToPyTorch(statistics: readonly RunningStatistics[]): NamedTensors {
  const named = statistics.flatMap(({ name, mean, variance }) =>
    statisticsNames(name).map((buffer, i) => [buffer, i === 0 ? mean : variance] as const),
  );
  return new Map(named.map(([name, data]) => [name, { shape: [data.length], data }]));
}

/** Loads the running statistics among `tensors`; missing ones keep their initial values. */
export function takeStatistics(tensors: NamedTensors, statistics: readonly RunningStatistics[]): void {
  for (const { name, mean, variance } of statistics) {
    const [ofMean, ofVariance] = statisticsNames(name).map((buffer) => tensors.get(buffer)?.data);
    if (ofMean !== undefined) mean.set(ofMean);
    if (ofVariance !== undefined) variance.set(ofVariance);
  }
}

/** Names of a batch norm's mean and variance. */
function statisticsNames(norm: string): [string, string] {
  return [`${norm}.running_mean`, `${norm}.running_var`];
}

/**
 * Our axis for each of PyTorch's axes, by rank: `[h, w, in, out]` is `[out, in, h, w]` in PyTorch, and `[h, w, d, in, out]` is
 * `[out, in, d, h, w]`. Transposed convolutions have in and out exchanged in both layouts.
 */
const pyTorchAxes: Readonly<Record<number, readonly number[]>> = { 1: [0], 4: [3, 2, 0, 1], 5: [4, 3, 2, 0, 1] };

/** Transposes a filter, or a bias, to PyTorch's order of axes. */
export function pyTorchLayout(tensor: HostTensor): HostTensor {
  return transposed(tensor, pyTorchAxes[tensor.shape.length]!);
}

/** The inverse of {@link pyTorchLayout}. */
export function ourLayout(tensor: HostTensor): HostTensor {
  const axes = pyTorchAxes[tensor.shape.length]!;
  return transposed(
    tensor,
    axes.map((_, axis) => axes.indexOf(axis)),
  );
}

/** A parameter's shape as PyTorch has it. */
export function pyTorchShape(shape: Shape): Shape {
  return pyTorchAxes[shape.length]!.map((axis) => shape[axis]!);
}

/** Transposes a tensor: axis i of the result is axis `order[i]` of the source. */
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

function idleBiasName(weight: string): string {
  return weight.replace(/weight$/, "bias");
}
