/**
 * Configurations, by sample data set, of networks that are trained on a laptop and soon give visible results. The user of a configuration
 * adds `data.path`.
 */
export const sampleConfigs = {
  /**
   * Paired pictures of tissue and of its labelled nuclei; the translations are recognisable after the 1600 steps. With three times the
   * default weight of L1 (300 instead of 100) less noise is left after so few steps: mean absolute errors on the test pictures, of 255,
   * fall from 19.8 (A to B) and 17.2 (B to A) to 19.5 and 15.8.
   */
  "nuclei-labels": {
    mode: "paired",
    network: { width: 16, depth: 4, discriminator: { width: 32 } },
    data: { names: { a: "tissue", b: "labels" }, loadSize: 72, cropSize: 64 },
    training: { epochs: 1000, maxSteps: 1600, lambdaL1: 300, sampleEvery: 50, checkpointEvery: 200 },
  },
  /**
   * Volumes of heads, from low to high resolution. Crops are whole volumes: instance normalisation removes the mean brightness of its
   * input, which differs much between patches, but hardly between heads. With this weight of L1 the adversarial loss has almost no effect,
   * since the result is judged by PSNR: with a hundredth of the weight the generators invent texture, and PSNR falls from 23.02 and 23.13
   * dB to 22.64 and 22.52 dB.
   */
  "brain-mini": {
    mode: "paired",
    network: { dimensions: 3, inputChannels: 1, outputChannels: 1, width: 8, depth: 1, discriminator: { width: 4 } },
    data: {
      names: { a: "low resolution", b: "high resolution" },
      folders: { a: "lr", b: "hr" },
      intensity: { kind: "zscore", low: -2, high: 3 },
      cropSize: [48, 64, 64],
    },
    training: {
      epochs: 40,
      decayEpochs: 180,
      learningRate: 0.0015,
      lambdaL1: 100_000,
      sampleEvery: 70,
      checkpointEvery: 70,
    },
  },
} as const;
