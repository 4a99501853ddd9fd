import type { MemoryPart } from "../kernels/ledger";
import { Chain } from "../nn/chain";
import { BatchNorm } from "../nn/batchNorm";
import { ChannelAffine } from "../nn/channelAffine";
import type { ConvolutionPlan } from "../nn/convolution";
import { Dropout, type MaskSource } from "../nn/dropout";
import { InstanceNorm } from "../nn/instanceNorm";
import type { Layer } from "../nn/layer";
import type { CreateParameter } from "../nn/parameter";
import { RunningStatistics } from "../nn/runningStatistics";

/** Builds the layers of one network, with its parameters and its configured norm and dropout. */
export class LayerFactory {
  /** Of the batch norms built so far. */
  readonly statistics: RunningStatistics[] = [];

  /** @param masks null without dropout */
  constructor(
    readonly createParameter: CreateParameter,
    private readonly kind: "instance" | "batch" = "instance",
    readonly masks: MaskSource | null = null,
  ) {}

  /** The bias of a convolution followed by a norm. A batch norm has a shift of its own, so the authors' code omits the bias. */
  get biasBeforeNorm(): ConvolutionPlan["bias"] {
    return this.kind === "instance" ? "idle" : "none";
  }

  /** The bias of a U-Net's convolution without a norm, which the authors' code omits with batch norms all the same. */
  get biasWithoutNorm(): ConvolutionPlan["bias"] {
    return this.kind === "instance" ? "used" : "none";
  }

  /**
   * A chain of layers.
   *
   * @param sharedShape equal for chains of a part that have equal shapes; null for a chain whose shape is unique. The memory theory counts
   *   chains of equal shape once
   */
  chain(part: MemoryPart, _sharedShape: number | null, layers: () => readonly Layer[]): Layer {
    return new Chain(layers(), part);
  }

  /** @param name of the module in PyTorch */
  norm(name: string, channels: number): Layer[] {
    if (this.kind === "instance") return [new InstanceNorm()];
    const statistics = new RunningStatistics(name, channels);
    this.statistics.push(statistics);
    return [new BatchNorm(statistics), new ChannelAffine(name, channels, this.createParameter)];
  }

  dropout(): Layer[] {
    return this.masks === null ? [] : [new Dropout(this.masks)];
  }
}
