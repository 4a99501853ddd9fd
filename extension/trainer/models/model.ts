import type { MaskSource } from "../nn/dropout";
import type { RangePredictor } from "../nn/exactGrid";
import type { Layer } from "../nn/layer";
import type { Parameter } from "../nn/parameter";
import type { RunningStatistics } from "../nn/runningStatistics";
import type { NetworkSizes } from "./buildingBlocks";

/** Sizes that every kind of network has; `network` of the configuration. */
export interface ModelPlan extends NetworkSizes {
  /** Number of reversible or residual blocks, or of a U-Net's levels. */
  readonly depth: number;
  /** Number of channels of domain A. */
  readonly inputChannels: number;
  /** Number of channels of domain B. */
  readonly outputChannels: number;
  readonly discriminator: { readonly width: number; readonly layers: number };
}

/** The parts that every network has. Generators map images in [−1, 1] to images in (−1, 1). */
interface ModelBase {
  readonly aToB: Layer;
  /** Discriminates images of B, which aToB generates, or pairs (A, B) in paired mode. */
  readonly discriminatorB: Layer;
  /** Predicts the range of the reversible core's states; a checkpoint saves it. Null for a network without such a core. */
  readonly coreRange: RangePredictor | null;
  /** Parameters of the generators. Parameters that both generators share are listed once. */
  readonly generatorParameters: readonly Parameter[];
  readonly discriminatorParameters: readonly Parameter[];
  /** Running statistics of the batch norms, for export alone. */
  readonly statistics: readonly RunningStatistics[];
  /** Source of dropout's masks; null without dropout. */
  readonly masks: MaskSource | null;
}

/** A network that translates in both directions. */
export interface BidirectionalModel extends ModelBase {
  readonly bToA: Layer;
  /** Discriminates images of A, or pairs (B, A). */
  readonly discriminatorA: Layer;
}

/** A network that translates A to B only. */
export interface UnidirectionalModel extends ModelBase {
  readonly bToA: null;
}

/** Generators and their discriminators. */
export type Model = BidirectionalModel | UnidirectionalModel;
