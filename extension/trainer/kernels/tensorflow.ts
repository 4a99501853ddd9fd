import { toOutOfMemory } from "./outOfMemory";
import type { Device } from "./nativeScratch";
import { elements, type Shape } from "./tensor";

/** The native binding of @tensorflow/tfjs-node-gpu 4.22.0 (its `tfjs_binding.d.ts`); tensors are numeric ids. */
export interface TensorFlowBinding {
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array;
  executeOp(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): { id: number; shape: number[] }[];
  isUsingGpuDevice(): boolean;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
}

/** An attribute of an operation, as the binding takes it. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | readonly number[];
}

/** An output of an operation. */
export interface OpOutput {
  readonly id: number;
  readonly shape: Shape;
}

/** Runs TensorFlow eagerly, one operation at a time, and caches constants. */
export class TensorFlow implements Device {
  private readonly constants = new Map<string, number>();
  /** The attribute `T` = float32 that nearly every operation takes. */
  readonly float: Attribute;
  readonly onGpu: boolean;

  /**
   * @param hasOperations whether our operations (native/operations.cc) are loaded
   * @param usesWinograd whether convolutions use Winograd's algorithm (one of our operations) where it is faster
   */
  constructor(
    private readonly binding: TensorFlowBinding,
    readonly hasOperations: boolean,
    readonly usesWinograd: boolean,
  ) {
    this.float = this.type("T", "float");
    this.onGpu = binding.isUsingGpuDevice();
  }

  type(name: string, value: "float" | "int"): Attribute {
    return {
      name,
      type: this.binding.TF_ATTR_TYPE,
      value: value === "float" ? this.binding.TF_FLOAT : this.binding.TF_INT32,
    };
  }

  int(name: string, value: number | readonly number[]): Attribute {
    return { name, type: this.binding.TF_ATTR_INT, value };
  }

  number(name: string, value: number): Attribute {
    return { name, type: this.binding.TF_ATTR_FLOAT, value };
  }

  bool(name: string, value: boolean): Attribute {
    return { name, type: this.binding.TF_ATTR_BOOL, value };
  }

  text(name: string, value: string): Attribute {
    return { name, type: this.binding.TF_ATTR_STRING, value };
  }

  shape(name: string, value: Shape): Attribute {
    return { name, type: this.binding.TF_ATTR_SHAPE, value };
  }

  /** Runs an operation with one output. @throws OutOfMemory */
  run(name: string, attributes: readonly Attribute[], inputs: readonly number[]): OpOutput {
    return this.runMany(name, attributes, inputs, 1)[0]!;
  }

  /** Runs an operation with any number of outputs, which the caller owns. @throws OutOfMemory */
  runMany(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): OpOutput[] {
    try {
      return this.binding.executeOp(name, attributes, inputs, outputs);
    } catch (error) {
      throw toOutOfMemory(error);
    }
  }

  floats(values: Float32Array, shape: Shape): number {
    return this.binding.createTensor(shape, this.binding.TF_FLOAT, values);
  }

  read(id: number): Float32Array {
    return this.binding.tensorDataSync(id);
  }

  free(...ids: number[]): void {
    for (const id of ids) this.binding.deleteTensor(id);
  }

  /** A cached constant of a few integers: axes, sizes, paddings. A vector unless `shape` is given. */
  ints(values: readonly number[], shape: Shape = [values.length]): number {
    return this.constant(`i${shape.join("x")}:${values.join(",")}`, () =>
      this.binding.createTensor(shape, this.binding.TF_INT32, Int32Array.from(values)),
    );
  }

  /** A constant scalar, cached because copying a new one to a GPU waits for all of the GPU's pending work. */
  scalar(value: number): number {
    return this.constantFloats(`s:${Object.is(value, -0) ? "-0" : value}`, [], (values) => values.fill(value));
  }

  /** A cached constant vector with one value everywhere. */
  filled(value: number, length: number): number {
    return this.constantFloats(`f${length}:${value}`, [length], (values) => values.fill(value));
  }

  /**
   * A cached constant.
   * @param key identifies it among all constants
   * @param fill writes the values into an array of zeros
   */
  constantFloats(key: string, shape: Shape, fill: (values: Float32Array) => void): number {
    return this.constant(key, () => {
      const values = new Float32Array(elements(shape));
      fill(values);
      return this.floats(values, shape);
    });
  }

  /** Frees the constants. */
  dispose(): void {
    this.free(...this.constants.values());
    this.constants.clear();
  }

  private constant(key: string, make: () => number): number {
    let id = this.constants.get(key);
    if (id === undefined) {
      id = make();
      this.constants.set(key, id);
    }
    return id;
  }
}
