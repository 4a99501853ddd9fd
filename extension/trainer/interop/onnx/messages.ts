import protobuf from "protobufjs/light.js";

/** The messages of ONNX that are written here: the fields of `onnx.proto3` with their numbers, under protobuf's JSON names. */
const messages = {
  ModelProto: {
    irVersion: { id: 1, type: "int64" },
    producerName: { id: 2, type: "string" },
    producerVersion: { id: 3, type: "string" },
    docString: { id: 6, type: "string" },
    graph: { id: 7, type: "GraphProto" },
    opsetImport: { id: 8, type: "OperatorSetIdProto", rule: "repeated" },
    metadataProps: { id: 14, type: "StringStringEntryProto", rule: "repeated" },
  },
  OperatorSetIdProto: { version: { id: 2, type: "int64" } },
  StringStringEntryProto: { key: { id: 1, type: "string" }, value: { id: 2, type: "string" } },
  GraphProto: {
    node: { id: 1, type: "NodeProto", rule: "repeated" },
    name: { id: 2, type: "string" },
    initializer: { id: 5, type: "TensorProto", rule: "repeated" },
    input: { id: 11, type: "ValueInfoProto", rule: "repeated" },
    output: { id: 12, type: "ValueInfoProto", rule: "repeated" },
  },
  NodeProto: {
    input: { id: 1, type: "string", rule: "repeated" },
    output: { id: 2, type: "string", rule: "repeated" },
    name: { id: 3, type: "string" },
    opType: { id: 4, type: "string" },
    attribute: { id: 5, type: "AttributeProto", rule: "repeated" },
  },
  AttributeProto: {
    name: { id: 1, type: "string" },
    f: { id: 2, type: "float" },
    i: { id: 3, type: "int64" },
    s: { id: 4, type: "bytes" },
    ints: { id: 8, type: "int64", rule: "repeated" },
    type: { id: 20, type: "int32" },
  },
  TensorProto: {
    dims: { id: 1, type: "int64", rule: "repeated" },
    dataType: { id: 2, type: "int32" },
    int64Data: { id: 7, type: "int64", rule: "repeated" },
    name: { id: 8, type: "string" },
    rawData: { id: 9, type: "bytes" },
  },
  ValueInfoProto: { name: { id: 1, type: "string" }, type: { id: 2, type: "TypeProto" } },
  TypeProto: { tensorType: { id: 1, type: "TensorType" } },
  TensorType: { elemType: { id: 1, type: "int32" }, shape: { id: 2, type: "TensorShapeProto" } },
  TensorShapeProto: { dim: { id: 1, type: "Dimension", rule: "repeated" } },
  Dimension: { dimValue: { id: 1, type: "int64" }, dimParam: { id: 2, type: "string" } },
} as const;

type Messages = typeof messages;
interface Scalars {
  int32: number;
  int64: number;
  float: number;
  string: string;
  bytes: Uint8Array;
}
type Single<Type> = Type extends keyof Scalars ? Scalars[Type] : Type extends keyof Messages ? Message<Type> : never;

/** A message as an object; absent fields are not written. */
export type Message<Name extends keyof Messages> = {
  readonly [Field in keyof Messages[Name]]?: Messages[Name][Field] extends { readonly type: infer Type }
    ? Messages[Name][Field] extends { readonly rule: "repeated" }
      ? readonly Single<Type>[]
      : Single<Type>
    : never;
};

/** Values of a TensorProto's `data_type` and of `elem_type`. */
export const tensorTypes = { float: 1, int64: 7 } as const;

/** Reads and writes the bytes of a model, as objects of `Message<"ModelProto">`. */
export const modelType = protobuf.Root.fromJSON({
  nested: Object.fromEntries(Object.entries(messages).map(([name, fields]) => [name, { fields }])),
}).lookupType("ModelProto");

type Attribute = Message<"AttributeProto">;

/** Makes attributes of a node. */
export const attributes = {
  float: (name: string, f: number): Attribute => ({ name, type: 1, f }),
  int: (name: string, i: number): Attribute => ({ name, type: 2, i }),
  text: (name: string, value: string): Attribute => ({ name, type: 3, s: Buffer.from(value) }),
  ints: (name: string, values: readonly number[]): Attribute => ({ name, type: 7, ints: values }),
};
