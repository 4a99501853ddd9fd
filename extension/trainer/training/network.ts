import type { Config } from "../../configuration/config";
import type { BatchShare } from "../data/sampler";
import { seededRandom } from "../random";
import { fromPyTorch, type NamedTensors, takeStatistics } from "../interop/pytorch";
import type { NetworkOutline, StartingWeights } from "../interop/startingWeights";
import type { Kernels } from "../kernels/kernels";
import { elements } from "../kernels/tensor";
import { shapeAlone } from "../memoryTheory/countedLayerFactory";
import { buildModel } from "../models/buildModel";
import { LayerFactory } from "../models/layerFactory";
import type { Model } from "../models/model";
import type { CoreChoices } from "../models/revgan";
import type { MaskSource } from "../nn/dropout";
import { Parameter, type ParameterPlan } from "../nn/parameter";
import { DropoutMasks } from "./dropoutMasks";
import { axesOf } from "../../configuration/sizes";

/** Standard deviation of the initial filters and batch norm scales, as in the authors' code. */
const initialDeviation = 0.02;

/**
 * Initial weights, in three forms: all random from a seed; all from the tensors of a file, under PyTorch's names; or some given as values,
 * and the others random from a seed.
 */
export type WeightSource =
  | { readonly seed: number }
  | { readonly tensors: NamedTensors; readonly file: string }
  | (Pick<StartingWeights, "values" | "statistics"> & { readonly seed: number });

/**
 * Builds the configured network on an engine.
 *
 * @param choices options of a reversible core (`exact` is false for translating, which never inverts the core); `share`: this process's
 * part of each batch, in a training of several; `masks`: dropout's masks, by default drawn from the training's seed
 * @throws RevganError `checkpoint` when the weights do not fit
 */
export function openNetwork(
  k: Kernels,
  config: Config,
  weights: WeightSource,
  { share, masks: given, ...choices }: CoreChoices & { readonly share?: BatchShare; readonly masks?: MaskSource } = {},
): Model {
  const { network, training } = config;
  const { values, statistics, seed } = partlyGiven(weights, config);
  const valueOf = (plan: ParameterPlan): Float32Array => values.get(plan.name) ?? initialValue(seed, plan);
  const source = (plan: ParameterPlan): Parameter =>
    new Parameter(
      plan,
      k.ledger.within("weights", () => k.tensor(valueOf(plan), plan.shape)),
    );
  const masks = network.dropout ? (given ?? new DropoutMasks(training.seed, share)) : null;
  const model = buildModel(config, new LayerFactory(source, network.norm, masks), choices);
  takeStatistics(statistics, model.statistics);
  return model;
}

/**
 * Converts each form of {@link WeightSource} to the form with some given values. Refuses a file that does not fit before any weight is
 * loaded.
 */
function partlyGiven(
  weights: WeightSource,
  config: Config,
): Pick<StartingWeights, "values" | "statistics"> & { readonly seed: number } {
  if ("values" in weights) return weights;
  if ("seed" in weights) return { values: new Map(), statistics: new Map(), seed: weights.seed };
  const { tensors, file } = weights;
  const { generators, discriminators } = outlineOf(config);
  const values = fromPyTorch(tensors, [...generators, ...discriminators], file);
  return { values, statistics: tensors, seed: config.training.seed };
}

/** Names and shapes of the configured network's parameters, without allocating their values. */
export function outlineOf(config: Config): NetworkOutline {
  const { network, training } = config;
  const masks = network.dropout ? new DropoutMasks(training.seed) : null;
  const model = buildModel(config, new LayerFactory(shapeAlone, network.norm, masks));
  return {
    generators: model.generatorParameters.map(({ plan }) => plan),
    discriminators: model.discriminatorParameters.map(({ plan }) => plan),
  };
}

/** Frees a network's parameters. */
export function disposeNetwork(model: Model): void {
  for (const parameter of [...model.generatorParameters, ...model.discriminatorParameters]) parameter.dispose();
}

/** Each parameter has its own random stream, so that its values do not depend on other layers. */
function initialValue(seed: number, { name, shape, initial }: ParameterPlan): Float32Array {
  const values = new Float32Array(elements(shape));
  if (initial === "zero") return values;
  const draw = seededRandom(seed, `weights ${name}`);
  const centre = initial === "aroundOne" ? 1 : 0;
  return values.map(() => centre + initialDeviation * draw.normal());
}

/**
 * Number of elements in the first convolution's output, for the whole batch. An engine chooses its number of threads by it. Infinity for
 * pictures of unknown size.
 */
export function largestActivationElements({ data, network, training }: Config): number {
  const crop = axesOf(data.cropSize ?? data.loadSize, network.dimensions) ?? [Infinity];
  return crop.reduce((product, side) => product * side, network.width * training.batchSize);
}
