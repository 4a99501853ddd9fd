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
 * The operator set, and the format version that came with it, which programs read since onnxruntime 1.18 (May 2024). Newer sets only add
 * number types to the operators used here, and would exclude older programs without a gain.
 */
const opset = 21;
const irVersion = 10;

/** The most bytes of a message that protobuf's readers accept. */
const maxModelBytes = 2 ** 31 - 1;

/** Masks that keep every value: dropout then has the mean effect of all masks. */
const keepAll: MaskSource = { begin: () => undefined, next: (count) => new Float32Array(count).fill(1) };

/** The trained network of a run, with the path of its weights. */
export interface TrainedNetwork {
  readonly config: Config;
  readonly step: number;
  readonly tensors: NamedTensors;
  readonly file: string;
}

/**
 * A generator as a model of ONNX, recorded from a forward pass of its layers. Like {@link openNetwork} for a translation, it leaves out the
 * rounding that makes a core exactly invertible.
 *
 * @returns one file for each direction
 * @throws RevganError `checkpoint` when the weights do not fit; `usage` for what ONNX cannot express, and for a file that would be too
 * large
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
  // The smallest size, because the graph is the same for every size.
  const sides = new Array<number>(network.dimensions).fill(smallestGeneratorSide(network));
  const x = k.input("image", [1, ...sides, channels]);
  const y = translateTensor(k, model, direction, x);
  return k.graphBetween(`${network.kind} ${direction}`, x, y, "translation");
}

/** The ONNX model of a graph, with its description and metadata. */
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
