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
  /** The running statistics of the batch norms built so far. */
  readonly statistics: RunningStatistics[] = [];

  /** @param masks the source of dropout's masks; null: the network has no dropout */
  constructor(
    readonly createParameter: CreateParameter,
    private readonly kind: "instance" | "batch" = "instance",
    readonly masks: MaskSource | null = null,
  ) {}

  /** The bias of a convolution followed by a norm. A batch norm has a shift of its own, so the authors' code omits the bias. */
  get biasBeforeNorm(): ConvolutionPlan["bias"] {
    return this.kind === "instance" ? "idle" : "none";
  }

  /** The bias of a U-Net's convolution that no norm follows. In a network with batch norms the authors' code omits this bias, too. */
  get biasWithoutNorm(): ConvolutionPlan["bias"] {
    return this.kind === "instance" ? "used" : "none";
  }

  /**
   * A chain of layers.
   *
   * @param sharedShape a key that chains of one part have in common if their layers' shapes are equal, so that the memory theory counts
   *   them once; null for a chain whose shape is unique
   */
  chain(part: MemoryPart, _sharedShape: number | null, layers: () => readonly Layer[]): Layer {
    return new Chain(layers(), part);
  }

  /** @param name PyTorch's name of the norm's module */
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
