import { RevganError } from "../../../protocol/errors";
import type { Config } from "../../../configuration/config";
import { smallestGeneratorSide } from "../../../configuration/sizes";
import type { TranslationDirection } from "../../../protocol/lines";
import type { Model } from "../../models/model";
import type { MaskSource } from "../../nn/dropout";
import { openNetwork } from "../../training/network";
import { translateTensor } from "../../translate/translator";
import { version } from "../../version";
import type { NamedTensors } from "../pytorch";
import { type Described, descriptionOf, metadataOf } from "./description";
import { graphKernels } from "./graphKernels";
import { type Message, modelType } from "./messages";

/**
 * The set of operators, and the version of the format that came with it, that programs read since onnxruntime 1.18 (May 2024). Newer sets
 * have the operators that are used here for more number types, and would shut out older programs for nothing.
 */
const opset = 21;
const irVersion = 10;

/** The most bytes that protobuf's readers take. */
const maxModelBytes = 2 ** 31 - 1;

/** Dropout without its mask: the mean of all. */
const keepAll: MaskSource = { begin: () => undefined, next: (count) => new Float32Array(count).fill(1) };

/** The trained network of a run. */
export interface TrainedNetwork {
  readonly config: Config;
  readonly step: number;
  readonly tensors: NamedTensors;
  readonly file: string;
}

/**
 * A generator as a model of ONNX, written down from a forward pass of its layers as they translate: without the rounding by which a core is
 * exactly invertible, as {@link openNetwork} opens it for a translation.
 *
 * @returns one file for each direction
 * @throws RevganError `checkpoint` when the weights do not fit; `usage` for what ONNX cannot express, and for a file that would be too large
 */
export function onnxModels(
  network: TrainedNetwork,
  directions: readonly TranslationDirection[],
  limit = maxModelBytes,
): Uint8Array[] {
  const k = graphKernels();
  const model = openNetwork(k, network.config, network, { exact: false, masks: keepAll });
  k.nameParameters(model.generatorParameters);
  return directions.map((direction) => {
    const graph = graphOf(k, model, network.config.network, direction);
    const writer = modelType.encode(modelProto(graph, { ...network, direction }));
    if (writer.pos <= limit) return writer.finish();
    throw new RevganError(
      "usage",
      `the ONNX file of ${direction} would have ${writer.pos} bytes, and may have ${limit}`,
      "export it as pytorch",
    );
  });
}

function graphOf(
  k: ReturnType<typeof graphKernels>,
  model: Model,
  network: Config["network"],
  direction: TranslationDirection,
): Message<"GraphProto"> {
  const channels = direction === "AtoB" ? network.inputChannels : network.outputChannels;
  // The graph is the same for every size.
  const sides = new Array<number>(network.dimensions).fill(smallestGeneratorSide(network));
  const x = k.input("image", [1, ...sides, channels]);
  const y = translateTensor(k, model, direction, x);
  return k.graphBetween(`${network.kind} ${direction}`, x, y, "translation");
}

/** A model of a graph, with what is said of it. */
export function modelProto(graph: Message<"GraphProto">, described: Described): Message<"ModelProto"> {
  return {
    irVersion,
    opsetImport: [{ version: opset }],
    producerName: "revgan",
    producerVersion: version,
    docString: descriptionOf(described),
    metadataProps: Object.entries(metadataOf(described)).map(([key, value]) => ({ key, value })),
    graph,
  };
}
