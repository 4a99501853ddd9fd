import { littleEndian } from "../safetensors";
import { type Message, tensorTypes } from "./messages";

type Tensor = Message<"TensorProto">;
type ValueInfo = Message<"ValueInfoProto">;

/** A node of the graph with all fields that are used here. */
export type GraphNode = Required<Message<"NodeProto">>;

/** A graph of ONNX nodes and constants. Nodes refer to the values that they read and write by name. */
export class Graph {
  private readonly nodes: GraphNode[] = [];
  private readonly makers = new Map<string, GraphNode>();
  private readonly constants = new Map<string, Tensor>();

  /**
   * Adds a node.
   *
   * @param module the node's name, where it stands for a module of PyTorch; otherwise it gets a name of its own
   * @returns the names of the node's outputs
   */
  add(
    opType: string,
    input: readonly string[],
    attribute: GraphNode["attribute"] = [],
    { module, outputs = 1 }: { readonly module?: string | undefined; readonly outputs?: number } = {},
  ): string[] {
    const name = `${opType}_${this.nodes.length}`;
    const output = outputs === 1 ? [name] : Array.from({ length: outputs }, (_, i) => `${name}.${i}`);
    const node = { opType, input, attribute, output, name: module ?? name };
    this.nodes.push(node);
    for (const value of output) this.makers.set(value, node);
    return output;
  }

  /** The node that computes a value; undefined for a constant and for the graph's input. */
  makerOf(value: string): GraphNode | undefined {
    return this.makers.get(value);
  }

  /**
   * Adds a constant: float32, or int64 where its values are plain numbers. A name that exists already is not added again. Returns the name.
   */
  constant(name: string, dims: readonly number[], values: () => Float32Array | readonly number[]): string {
    if (this.constants.has(name)) return name;
    const made = values();
    const data =
      made instanceof Float32Array
        ? { dataType: tensorTypes.float, rawData: littleEndian(made) }
        : { dataType: tensorTypes.int64, int64Data: made };
    this.constants.set(name, { name, dims, ...data });
    return name;
  }

  /**
   * The graph that computes `value` from `input`. Nodes that it does not need, such as replaced ones, are left out.
   *
   * @param output the name and type of the result; `value` is renamed to it in the graph
   */
  between(name: string, input: ValueInfo, output: ValueInfo, value: string): Message<"GraphProto"> {
    const needed = new Set([value]);
    const nodes = this.nodes
      .toReversed()
      .filter((node) => {
        const isNeeded = node.output.some((each) => needed.has(each));
        if (isNeeded) for (const each of node.input) needed.add(each);
        return isNeeded;
      })
      .reverse();
    return {
      name,
      node: nodes.map((node) => ({
        ...node,
        output: node.output.map((each) => (each === value ? output.name! : each)),
      })),
      initializer: [...this.constants.values()].filter((constant) => needed.has(constant.name!)),
      input: [input],
      output: [output],
    };
  }
}
