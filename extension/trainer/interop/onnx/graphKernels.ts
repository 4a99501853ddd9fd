import { RevganError } from "../../../protocol/errors";
import {
  type BinaryOp,
  type Border,
  type ConvolutionGeometry,
  type Kernels,
  normEpsilon,
  type UnaryOp,
} from "../../kernels/kernels";
import { Ledger } from "../../kernels/ledger";
import { paddedShape } from "../../kernels/nativeScratch";
import { convOutputShape } from "../../kernels/sliceStacking";
import { channels, type HostTensor, type Shape, spatial, Tensor } from "../../kernels/tensor";
import type { Parameter } from "../../nn/parameter";
import { pyTorchLayout } from "../pytorch";
import { Graph, type GraphNode } from "./graph";
import { attributes, type Message, tensorTypes } from "./messages";

/** Operations that no forward pass of a translation calls: those of gradients, the optimiser, exact cores and tiles. */
const untranslated = [
  "zeros",
  "read",
  "readLater",
  "finish",
  "reluGradient",
  "leakyReluGradient",
  "tanhGradient",
  "snap",
  "mean",
  "largest",
  "convFilterGradient",
  "biasGradient",
  "padGradient",
  "reluPadGradient",
  "normalizeGradient",
  "moments",
  "standardize",
  "adam",
  "dispose",
] as const satisfies readonly (keyof Kernels)[];

/** Which input of an operator multiplies or adds a number for each channel. */
const channelInputs: Readonly<Record<string, { readonly Mul?: number; readonly Add: number }>> = {
  Conv: { Add: 2 },
  ConvTranspose: { Add: 2 },
  InstanceNormalization: { Mul: 1, Add: 2 },
};

/**
 * Kernels that compute nothing but record every operation as a node of ONNX: one forward pass on them, at any size that the network takes,
 * gives the graph. No layer therefore needs code for ONNX, and the compiler demands a node for each new operation. ONNX has the channels in
 * front, `[n, c, …]`; the shapes of tensors here are those of the other kernels, `[n, …, c]`.
 */
class GraphKernels implements Omit<Kernels, (typeof untranslated)[number]> {
  readonly engine = "onnx";
  readonly mostElements = Infinity;
  readonly ledger = new Ledger();
  private graph = new Graph();
  private readonly parameterNames = new Map<Tensor, string>();

  /** Sets the names under which weights are written: those of their parameters. */
  nameParameters(parameters: readonly Parameter[]): void {
    for (const { name, value } of parameters) this.parameterNames.set(value, name);
  }

  /** Starts a new graph. @returns its input */
  input(name: string, shape: Shape): Tensor {
    this.graph = new Graph();
    return newTensor(shape, name);
  }

  /** The graph that computes `to` from `from`; its result is named `output`. All sizes of the two but the channels are left free. */
  graphBetween(name: string, from: Tensor, to: Tensor, output: string): Message<"GraphProto"> {
    const [input, value] = [this.nameOf(from), this.nameOf(to)];
    return this.graph.between(name, valueInfo(input, from), valueInfo(output, to), value);
  }

  /**
   * The name of a tensor's value. @throws RevganError for values from the host, such as a dropout mask, because they fit only one picture
   * size
   */
  private nameOf(x: Tensor): string {
    if (typeof x.handle === "string") return x.handle;
    throw inexpressible("values that are drawn for each picture");
  }

  tensor(data: Float32Array, shape: Shape): Tensor {
    return newTensor(shape, { data, shape } satisfies HostTensor);
  }

  unary(op: UnaryOp, x: Tensor): Tensor {
    const operators = {
      abs: "Abs",
      exp: "Exp",
      sigmoid: "Sigmoid",
      sign: "Sign",
      softplus: "Softplus",
      tanh: "Tanh",
    };
    return op === "square" ? this.binary("multiply", x, x) : this.node(operators[op], [this.nameOf(x)], x.shape);
  }

  binary(op: BinaryOp, a: Tensor, b: Tensor | number): Tensor {
    const scalar = typeof b === "number" ? b : onlyValueOf(b);
    if (op === "multiply" && scalar === 1) return newTensor(a.shape, this.nameOf(a));
    const second =
      scalar === null
        ? this.nameOf(b as Tensor)
        : this.graph.constant(`scalar.${scalar}`, [], () => Float32Array.of(scalar));
    const operator = { add: "Add", subtract: "Sub", multiply: "Mul", maximum: "Max" }[op];
    return this.node(operator, [this.nameOf(a), second], a.shape);
  }

  relu(x: Tensor): Tensor {
    return this.node("Relu", [this.nameOf(x)], x.shape);
  }

  leakyRelu(x: Tensor, slope: number): Tensor {
    return this.node("LeakyRelu", [this.nameOf(x)], x.shape, [attributes.float("alpha", slope)]);
  }

  split(x: Tensor, sizes: readonly number[]): Tensor[] {
    const split = this.graph.constant(`split.${sizes.join(".")}`, [sizes.length], () => sizes);
    const axis = [attributes.int("axis", 1)];
    const names = this.graph.add("Split", [this.nameOf(x), split], axis, { outputs: sizes.length });
    return names.map((name, i) => newTensor([...x.shape.slice(0, -1), sizes[i]!], name));
  }

  concat(parts: readonly Tensor[]): Tensor {
    const sum = parts.reduce((total, { shape }) => total + channels(shape), 0);
    const shape = [...parts[0]!.shape.slice(0, -1), sum];
    return this.node(
      "Concat",
      parts.map((part) => this.nameOf(part)),
      shape,
      [attributes.int("axis", 1)],
    );
  }

  conv(x: Tensor, filter: Tensor, geometry: ConvolutionGeometry): Tensor {
    const shape = convOutputShape(x.shape, filter.shape, geometry);
    return this.convolution("Conv", x, filter, shape, windowOf(filter, geometry));
  }

  /**
   * The transposed convolution. `output_padding` is the difference between the wanted sides and those that stride and filter give; it is
   * the same for every size.
   */
  convInputGradient(dy: Tensor, filter: Tensor, xShape: Shape, geometry: ConvolutionGeometry): Tensor {
    const { stride, pad } = geometry;
    const sides = spatial(dy.shape).map((side) => stride * (side - 1) + filter.shape[0]! - 2 * pad);
    const more = spatial(xShape).map((side, axis) => side - sides[axis]!);
    return this.convolution("ConvTranspose", dy, filter, xShape, [
      ...windowOf(filter, geometry),
      attributes.ints("output_padding", more),
    ]);
  }

  addBias(x: Tensor, bias: Tensor): Tensor {
    return this.perChannel("Add", x, bias);
  }

  scaleChannels(x: Tensor, scale: Tensor): Tensor {
    return this.perChannel("Mul", x, scale);
  }

  pad(x: Tensor, width: number, border: Border): Tensor {
    const ends = [0, 0, ...spatial(x.shape).map(() => width)];
    const pads = this.graph.constant(`pads.${width}`, [2 * ends.length], () => [...ends, ...ends]);
    const mode = { reflect: "reflect", replicate: "edge" }[border];
    return this.node("Pad", [this.nameOf(x), pads], paddedShape(x.shape, width), [attributes.text("mode", mode)]);
  }

  reluPad(x: Tensor, width: number, border: Border): Tensor {
    return this.pad(this.relu(x), width, border);
  }

  /**
   * Normalises each picture by its own statistics, also where the network has batch norms: `revgan translate` translates one picture at a
   * time, whose statistics are those of its batch. So the pictures of a batch do not affect each other.
   */
  normalize(x: Tensor): { y: Tensor; rstd: Tensor } {
    const count = channels(x.shape);
    const inputs = [this.nameOf(x), this.filled(1, count), this.filled(0, count)];
    const y = this.node("InstanceNormalization", inputs, x.shape, [attributes.float("epsilon", normEpsilon)]);
    return { y, rstd: newTensor([x.shape[0]!, count], null) };
  }

  private convolution(
    operator: string,
    x: Tensor,
    filter: Tensor,
    shape: Shape,
    window: GraphNode["attribute"],
  ): Tensor {
    const name = this.parameter(filter, () => pyTorchLayout(filter.handle as HostTensor));
    return this.node(operator, [this.nameOf(x), name], shape, window, moduleOf(name));
  }

  /**
   * Multiplies or adds a number for each channel: inside the operator that computes x, if that has a free input for it, else by a node of
   * its own.
   */
  private perChannel(operator: "Mul" | "Add", x: Tensor, vector: Tensor): Tensor {
    const { data, shape } = vector.handle as HostTensor;
    const maker = this.graph.makerOf(this.nameOf(x));
    const place = maker === undefined ? undefined : channelInputs[maker.opType]?.[operator];
    if (maker !== undefined && place !== undefined && this.hasNoShift(maker, channels(x.shape))) {
      const name = this.parameter(vector, () => ({ data, shape }));
      const inputs = [...maker.input];
      inputs[place] = name;
      return this.node(maker.opType, inputs, x.shape, maker.attribute, moduleOf(name));
    }
    const dims = [...shape, ...spatial(x.shape).map(() => 1)];
    const name = this.parameter(vector, () => ({ data, shape: dims }));
    return this.node(operator, [this.nameOf(x), name], x.shape);
  }

  private hasNoShift({ input }: GraphNode, count: number): boolean {
    return input.length < 3 || input[2] === this.filled(0, count);
  }

  private parameter(tensor: Tensor, content: () => HostTensor): string {
    const name = this.parameterNames.get(tensor);
    if (name === undefined) throw inexpressible("weights without a name");
    const { shape, data } = content();
    return this.graph.constant(name, shape, () => data);
  }

  private filled(value: 0 | 1, count: number): string {
    return this.graph.constant(`${value === 0 ? "zeros" : "ones"}.${count}`, [count], () =>
      new Float32Array(count).fill(value),
    );
  }

  private node(
    operator: string,
    inputs: readonly string[],
    shape: Shape,
    more: GraphNode["attribute"] = [],
    module?: string,
  ): Tensor {
    return newTensor(shape, this.graph.add(operator, inputs, more, { module })[0]!);
  }
}

/** Kernels on which a forward pass records its graph. They throw for the operations that {@link GraphKernels} lacks. */
export function graphKernels(): GraphKernels & Kernels {
  const refused = untranslated.map((name) => [
    name,
    (): never => {
      throw inexpressible(`the operation ${name}`);
    },
  ]);
  return Object.assign(new GraphKernels(), Object.fromEntries(refused) as Pick<Kernels, (typeof untranslated)[number]>);
}

function inexpressible(what: string): RevganError {
  return new RevganError("usage", `ONNX cannot express ${what}, which this network needs`, "export it as pytorch");
}

/** @param handle the name of a value in the graph, the values of a tensor from the host, or null for a tensor that nothing reads */
function newTensor(shape: Shape, handle: string | HostTensor | null): Tensor {
  return new Tensor(shape, handle, () => undefined);
}

/** The value that all elements of a tensor from the host have; null where they differ, and for any other tensor. */
function onlyValueOf({ handle }: Tensor): number | null {
  if (handle === null || typeof handle === "string") return null;
  const { data } = handle as HostTensor;
  return data.every((value) => value === data[0]) ? data[0]! : null;
}

/** The name and type of a graph's input or output: a float32 tensor `[n, c, height, width]` or `[n, c, depth, height, width]`. */
function valueInfo(name: string, { shape }: Tensor): Message<"ValueInfoProto"> {
  const sides = ["depth", "height", "width"].slice(-spatial(shape).length);
  const dim = [{ dimParam: "n" }, { dimValue: channels(shape) }, ...sides.map((dimParam) => ({ dimParam }))];
  return { name, type: { tensorType: { elemType: tensorTypes.float, shape: { dim } } } };
}

function windowOf({ shape }: Tensor, { stride, pad }: ConvolutionGeometry): Message<"AttributeProto">[] {
  const axes = shape.length - 2;
  const all = (value: number, count = axes): number[] => new Array<number>(count).fill(value);
  return [
    attributes.ints("kernel_shape", all(shape[0]!)),
    attributes.ints("strides", all(stride)),
    attributes.ints("pads", all(pad, 2 * axes)),
  ];
}

/** The name of a parameter's module: `G_A_enc.model.1` for `G_A_enc.model.1.weight`. */
function moduleOf(parameter: string): string {
  return parameter.replace(/\.[^.]+$/, "");
}
