import { beforeAll, describe, expect, it } from "vitest";
import { loadNativeBinding } from "../../../extension/trainer/engines/loadNative";
import type { ConvolutionGeometry } from "../../../extension/trainer/kernels/kernels";
import { NativeKernels } from "../../../extension/trainer/kernels/nativeKernels";
import {
  convFilterGradientScratch,
  convFilterGradientMethod,
  convInputGradientScratch,
  convInputGradientMethod,
  convScratch,
  convMethod,
} from "../../../extension/trainer/kernels/nativeScratch";
import { convOutputShape } from "../../../extension/trainer/kernels/sliceStacking";
import { bytesOf, elements, type Shape, type Tensor } from "../../../extension/trainer/kernels/tensor";
import type { TensorFlowBinding } from "../../../extension/trainer/kernels/tensorflow";

/** Counts the memory of what TensorFlow's operations return, whoever asks for them. A reshaped tensor shares its memory. */
class WatchedBinding {
  private readonly memoryOf = new Map<number, { readonly bytes: number; references: number }>();
  private live = 0;
  /** The most bytes since the last {@link begin}, beside what was alive then. */
  peak = 0;
  private before = 0;

  readonly binding: TensorFlowBinding;

  constructor(inner: TensorFlowBinding) {
    const executeOp: TensorFlowBinding["executeOp"] = (name, attributes, inputs, outputs) => {
      const results = inner.executeOp(name, attributes, inputs, outputs);
      // Such an operation fails unless it needs exactly what it is told.
      const scratch = Number(attributes.find((attribute) => attribute.name === "scratch")?.value ?? 0);
      const during = this.live + results.reduce((sum, { shape }) => sum + bytesOf(shape), scratch);
      this.peak = Math.max(this.peak, scratch > 0 ? during - this.before : 0);
      for (const { id, shape } of results) {
        const shared = name === "Reshape" ? this.memoryOf.get(inputs[0]!) : undefined;
        if (name === "Reshape" && shared === undefined) continue;
        const memory = shared ?? { bytes: bytesOf(shape), references: 0 };
        if (memory.references++ === 0) this.live += memory.bytes;
        this.memoryOf.set(id, memory);
      }
      this.peak = Math.max(this.peak, this.live - this.before);
      return results;
    };
    const deleteTensor = (id: number): void => {
      inner.deleteTensor(id);
      const memory = this.memoryOf.get(id);
      this.memoryOf.delete(id);
      if (memory !== undefined && --memory.references === 0) this.live -= memory.bytes;
    };
    this.binding = Object.create(inner, {
      executeOp: { value: executeOp },
      deleteTensor: { value: deleteTensor },
    }) as TensorFlowBinding;
  }

  begin(): void {
    this.before = this.live;
    this.peak = 0;
  }
}

const same: ConvolutionGeometry = { stride: 1, pad: 0 };
const halving: ConvolutionGeometry = { stride: 2, pad: 1 };
const cases: [string, Shape, Shape, ConvolutionGeometry][] = [
  ["a plain filter", [2, 9, 8, 6], [3, 3, 6, 5], same],
  ["few outputs", [2, 12, 10, 16], [7, 7, 16, 3], same],
  ["few inputs", [2, 12, 10, 3], [7, 7, 3, 16], same],
  ["few of both", [1, 12, 10, 2], [5, 5, 2, 1], same],
  ["zeros around", [2, 12, 10, 6], [4, 4, 6, 8], halving],
  ["a stride, 3×3", [2, 12, 10, 6], [3, 3, 6, 18], halving],
  ["512 outputs", [2, 7, 6, 6], [4, 4, 6, 512], { stride: 1, pad: 1 }],
  ["Winograd, few tiles", [2, 9, 8, 18], [3, 3, 18, 16], { stride: 1, pad: 1 }],
  ["Winograd, many tiles", [1, 49, 46, 16], [3, 3, 16, 40], same],
  ["Winograd, many channels", [1, 34, 36, 193], [4, 4, 193, 16], { stride: 1, pad: 1 }],
  ["Winograd, many tiles and a chunk of outputs", [1, 47, 46, 190], [3, 3, 190, 160], same],
  ["volumes by Winograd", [2, 6, 5, 7, 16], [3, 3, 3, 16, 16], same],
  ["volumes", [2, 6, 5, 7, 6], [3, 3, 3, 6, 5], same],
  ["volumes of few outputs", [2, 6, 7, 8, 6], [5, 5, 5, 6, 2], same],
  ["volumes of few inputs", [1, 6, 7, 8, 1], [5, 5, 5, 1, 6], same],
  ["volumes, zeros around", [2, 6, 8, 10, 4], [4, 4, 4, 4, 6], halving],
  ["volumes to one output, zeros around", [1, 6, 5, 7, 8], [4, 4, 4, 8, 1], { stride: 1, pad: 1 }],
  ["volumes to 512 outputs", [1, 5, 5, 5, 4], [4, 4, 4, 4, 512], { stride: 1, pad: 1 }],
];

describe("what is made on the way to a convolution, as told from shapes and as TensorFlow's own tensors have it", () => {
  const device = { onGpu: false, hasOperations: true, usesWinograd: true };
  let watched: WatchedBinding;
  let k: NativeKernels;
  beforeAll(() => {
    const { binding, instructions } = loadNativeBinding("native");
    expect(instructions).not.toBeNull();
    watched = new WatchedBinding(binding as TensorFlowBinding);
    k = new NativeKernels(watched.binding, true, true);
  });

  const copiesOf = (work: () => Tensor): number => {
    // The first time constants are made, which stay.
    work().dispose();
    watched.begin();
    const result = work();
    const copies = watched.peak - result.bytes;
    result.dispose();
    return copies;
  };

  it.each(cases)("%s", (_, xShape, filterShape, geometry) => {
    const yShape = convOutputShape(xShape, filterShape, geometry);
    const [x, filter, dy] = [xShape, filterShape, yShape].map((shape) =>
      k.tensor(new Float32Array(elements(shape)), shape),
    ) as [Tensor, Tensor, Tensor];
    expect(copiesOf(() => k.conv(x, filter, geometry))).toBe(convScratch(xShape, filterShape, geometry, device));
    expect(copiesOf(() => k.convInputGradient(dy, filter, xShape, geometry))).toBe(
      convInputGradientScratch(xShape, filterShape, geometry, device),
    );
    expect(copiesOf(() => k.convFilterGradient(x, dy, filterShape, geometry))).toBe(
      convFilterGradientScratch(xShape, filterShape, geometry, device),
    );
    for (const each of [x, filter, dy]) each.dispose();
  });

  it("goes every way", () => {
    const images = cases.filter(([, xShape]) => xShape.length === 4);
    const ways = (way: (filter: Shape, geometry: ConvolutionGeometry) => string): Set<string> =>
      new Set(images.map(([, , filterShape, geometry]) => way(filterShape, geometry)));
    expect(ways((filter, geometry) => convMethod(filter, geometry, device))).toEqual(
      new Set(["direct", "winograd", "narrow", "product"]),
    );
    expect(ways((filter, geometry) => convInputGradientMethod(filter, geometry, device))).toEqual(
      new Set(["direct", "winograd", "narrow", "padded"]),
    );
    expect(ways((filter, geometry) => convFilterGradientMethod(filter, geometry, device))).toEqual(
      new Set(["direct", "winograd", "defined", "padded"]),
    );
  });
});
