import { env, InferenceSession, Tensor } from "onnxruntime-web";
import { onTestFinished } from "vitest";
import { channels, elements, type HostTensor, spatial } from "../../extension/trainer/kernels/tensor";

// More threads would need workers, which would outlive the test.
env.wasm.numThreads = 1;

/**
 * A function that runs a model with onnxruntime. It takes and returns `[n, …, c]`, as our kernels do; the model's tensors are `[n, c, …]`.
 */
export async function openOnnx(model: Uint8Array): Promise<(image: HostTensor) => Promise<HostTensor>> {
  const session = await InferenceSession.create(model);
  onTestFinished(() => session.release());
  return async (image) => {
    const { shape, data } = channelsFirst(image);
    const { translation } = await session.run({ image: new Tensor("float32", data, shape) });
    return channelsLast({ shape: translation!.dims, data: translation!.data as Float32Array });
  };
}

/** Transposes a tensor from `[n, …, c]` to `[n, c, …]`. */
export function channelsFirst({ shape, data }: HostTensor): HostTensor {
  const [n, c, space] = [shape[0]!, channels(shape), elements(spatial(shape))];
  return { shape: [n, c, ...spatial(shape)], data: exchanged(data, n, space, c) };
}

/** Transposes a tensor from `[n, c, …]` to `[n, …, c]`. */
export function channelsLast({ shape: [n, c, ...sides], data }: HostTensor): HostTensor {
  return { shape: [n!, ...sides, c!], data: exchanged(data, n!, c!, elements(sides)) };
}

/** Transposes `[n, rows, columns]` to `[n, columns, rows]`. */
function exchanged(data: Float32Array, n: number, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  const size = rows * columns;
  for (let i = 0; i < n * size; i++) {
    const place = i % size;
    result[i - place + (place % columns) * rows + Math.floor(place / columns)] = data[i]!;
  }
  return result;
}
