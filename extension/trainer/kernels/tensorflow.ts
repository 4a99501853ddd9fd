import { named } from "./outOfMemory";
import type { Device } from "./nativeScratch";
import { elements, type Shape } from "./tensor";

/** What the native binding of @tensorflow/tfjs-node-gpu 4.22.0 offers (its `tfjs_binding.d.ts`); ids name tensors. */
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

/** An attribute of an operation, in the binding's form. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | readonly number[];
}

/** The result of an operation. */
export interface Output {
  readonly id: number;
  readonly shape: Shape;
}

/** Eager TensorFlow, an operation at a time, with its constants kept at hand. */
export class TensorFlow implements Device {
  private readonly constants = new Map<string, number>();
  /** The element type of nearly every operation. */
  readonly float: Attribute;
  readonly onGpu: boolean;

  /** @param hasOperations whether our operations (native/operations.cc) are there */
  constructor(
    private readonly binding: TensorFlowBinding,
    readonly hasOperations: boolean,
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
  run(name: string, attributes: readonly Attribute[], inputs: readonly number[]): Output {
    return this.runMany(name, attributes, inputs, 1)[0]!;
  }

  /** Runs an operation with any number of outputs; every one is the caller's. @throws OutOfMemory */
  runMany(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Output[] {
    try {
      return this.binding.executeOp(name, attributes, inputs, outputs);
    } catch (error) {
      throw named(error);
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

  /** A constant of few whole numbers, made once: axes, sizes, paddings. A vector unless `shape` says otherwise. */
  ints(values: readonly number[], shape: Shape = [values.length]): number {
    return this.constant(`i${shape.join("x")}:${values.join(",")}`, () =>
      this.binding.createTensor(shape, this.binding.TF_INT32, Int32Array.from(values)),
    );
  }

  /** A constant number, made once: a GPU finishes all its work before it takes a new one. */
  scalar(value: number): number {
    return this.constantFloats(`s:${Object.is(value, -0) ? "-0" : value}`, [], (values) => values.fill(value));
  }

  /** A constant vector of one value, made once. */
  filled(value: number, length: number): number {
    return this.constantFloats(`f${length}:${value}`, [length], (values) => values.fill(value));
  }

  /**
   * A constant of any numbers, made once.
   * @param key names it among all constants
   * @param fill what writes the numbers over zeros
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
