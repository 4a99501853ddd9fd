/**
 * What each key of a configuration costs, by its dotted path. Bytes are the peak of all tensors in a training step, with one key of the
 * default configuration changed. Keys whose cost takes more than a line are in `docs/configuration.md` alone.
 */
export const costByKey: Readonly<Record<string, string>> = {
  mode: "paired, the default network peaks at 271.1 MB: no cycle passes",
  gpu: "none",
  convolution: "direct takes up to 1.6 times as long; the peaks are the same",
  "network.dimensions": "a volume of 32³ peaks at 211.4 MB with one channel and the defaults",
  "network.depth":
    "9.4 MB of weights, moments and gradients a block at width 64; activations: nothing (recompute), 25.2 MB a block (store). Time grows in proportion",
  "network.width": "half: 176.4 MB, twice: 813.1 MB. Parameters grow with its square, activations in proportion",
  "network.downsampling": "1: 240.2 MB, 3: 673.0 MB: each stage doubles the core's channels",
  "network.coupling":
    "affine has two networks in each half of a block: 12.1 M generator parameters, 419.3 MB, and the same activations. Its inverse is approximate",
  "network.backprop": "checkpoint: 359.5 MB. store: 560.9 MB; recompute takes 1.19 times as long as store",
  "network.memoryBudget":
    "the peak is at most the budget: at 450000000 it is 435.0 MB, with 4 of 9 blocks stored. Time falls in proportion to the stored blocks, from that of recompute to that of store",
  "network.inputChannels": "little: 329.7 MB with one channel in and out",
  "network.outputChannels": "little, as `network.inputChannels`",
  "network.generator": "unet256 has 54.4 M parameters; its activations are small",
  "network.norm": "batch norm adds running statistics; CycleGAN then peaks at 832.8 MB, else 815.7 MB",
  "network.dropout": "one mask a block: CycleGAN then peaks at 966.7 MB, else 815.7 MB",
  "network.discriminator.width": "half: 284.7 MB",
  "network.discriminator.layers": "2: 283.9 MB, 4: 435.0 MB",
  "data.path": "none",
  "data.a": "none",
  "data.b": "none",
  "data.names": "none",
  "data.split": "less to train on",
  "data.folders": "none",
  "data.loadSize": "decoding and resizing, in a process of its own",
  "data.cropSize": "activations grow with the area: 128: 215.6 MB, 512: 807.8 MB. Time too",
  "data.flip": "none",
  "data.shuffle": "none",
  "data.intensity.kind": "percentile and zscore read all of a volume when it is opened",
  "data.intensity.low": "none",
  "data.intensity.high": "none",
  "data.interpolation": "cubic is slower when a volume is read; the step is the same",
  "data.upsampling": "a finer grid has more voxels: cost as `data.cropSize` when this is `null`",
  "data.skipUnreadable": "none; every file that is left out is named",
  "training.init": "some seconds at the start; while it is read, twice its bytes",
  "training.initSkip": "none",
  "training.epochs": "time in proportion",
  "training.decayEpochs": "time in proportion",
  "training.maxSteps": "time in proportion",
  "training.batchSize": "activations and time in proportion: 2: 493.2 MB, 4: 811.0 MB",
  "training.learningRate": "none",
  "training.warmup": "none",
  "training.beta1": "none",
  "training.beta2": "none",
  "training.lambdaCycle": "0 together with `training.lambdaIdentity` 0 leaves those passes out: 271.1 MB",
  "training.lambdaIdentity": "0 saves two generator passes a step; the peak stays at 334.3 MB",
  "training.lambdaL1": "0 leaves the term out",
  "training.poolSize":
    "main memory, not a GPU's: 4 bytes × channels × pixels of a crop for each picture, 0.8 MB at 256²",
  "training.seed": "none",
  "training.sampleEvery": "a few translations, and PNG files on the disk, each time",
  "training.checkpointEvery": "a checkpoint is about three times the weights, 148 MB by default, and the pool",
  "training.keepCheckpoints": "disk, as `training.checkpointEvery`",
  "training.validateEvery":
    "automatic: up to 3% of the time. With a number: translates every validation picture in every direction, each time",
  "training.earlyStop": "none",
  "training.tensorboard": "disk: about 1 kB a step, and every sample picture once more",
};

/** The peak of the default configuration, which is shown beside costs in bytes for comparison. */
export const defaultPeak = "334.3 MB";
