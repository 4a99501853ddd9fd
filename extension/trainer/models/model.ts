import type { MaskSource } from "../nn/dropout";
import type { RangePredictor } from "../nn/exactGrid";
import type { Layer } from "../nn/layer";
import type { Parameter } from "../nn/parameter";
import type { RunningStatistics } from "../nn/runningStatistics";
import type { NetworkSizes } from "./buildingBlocks";

/** Sizes that every kind of network has; `network` of the configuration. */
export interface ModelPlan extends NetworkSizes {
  /** Reversible or residual blocks; levels of a U-Net. */
  readonly depth: number;
  /** Channels of A. */
  readonly inputChannels: number;
  /** Channels of B. */
  readonly outputChannels: number;
  readonly discriminator: { readonly width: number; readonly layers: number };
}

/** What every network has, whichever way it translates. Translations map images in [−1, 1]. */
interface ModelBase {
  readonly aToB: Layer;
  /** Judges pictures of B: those that aToB makes, or pairs (A, B) in paired mode. */
  readonly discriminatorB: Layer;
  /** How far the states of a reversible core go: part of what a training has to remember. Null without such a core. */
  readonly coreRange: RangePredictor | null;
  /** Parameters of the generators, each once. */
  readonly generatorParameters: readonly Parameter[];
  readonly discriminatorParameters: readonly Parameter[];
  /** What the batch norms see in training, for others to read. */
  readonly statistics: readonly RunningStatistics[];
  /** Where dropout's masks come from; null without dropout. */
  readonly masks: MaskSource | null;
}

/** A network that translates both ways. */
export interface BidirectionalModel extends ModelBase {
  readonly bToA: Layer;
  /** Judges pictures of A, or pairs (B, A). */
  readonly discriminatorA: Layer;
}

/** A network that translates A to B alone. */
export interface UnidirectionalModel extends ModelBase {
  readonly bToA: null;
}

/** What is trained, and what translates: generators and the discriminators that judge them. */
export type Model = BidirectionalModel | UnidirectionalModel;
