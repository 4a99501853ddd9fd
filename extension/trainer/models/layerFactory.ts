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

/** What all parts of one network are made of: its parameters, and the norms and the dropout that were chosen for it. */
export class LayerFactory {
  /** Of the batch norms that were made so far. */
  readonly statistics: RunningStatistics[] = [];

  /** @param masks null without dropout */
  constructor(
    readonly createParameter: CreateParameter,
    private readonly kind: "instance" | "batch" = "instance",
    readonly masks: MaskSource | null = null,
  ) {}

  /** The bias of a convolution with a norm behind it: a batch norm has a shift of its own, so that the authors leave the bias out. */
  get biasBeforeNorm(): ConvolutionPlan["bias"] {
    return this.kind === "instance" ? "idle" : "none";
  }

  /** The bias of a U-Net's convolution that the authors treat as if a norm were behind it, where none is. */
  get biasWithoutNorm(): ConvolutionPlan["bias"] {
    return this.kind === "instance" ? "used" : "none";
  }

  /**
   * Layers one after the other.
   *
   * @param alike the same for chains of a part that are alike, but for their parameters; null for one that is like no other
   */
  chain(part: MemoryPart, _alike: number | null, layers: () => readonly Layer[]): Layer {
    return new Chain(layers(), part);
  }

  /** @param name PyTorch's of the module */
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
