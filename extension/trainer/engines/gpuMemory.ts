/**
 * How TensorFlow takes a GPU's memory, read by it when it starts; who sets these otherwise has his way. It would take the whole card,
 * and as it tries algorithms for a convolution lend each up to 4 GB: a step of 0.35 GB of tensors (256², width 64, 9 blocks) held
 * 13.4 GiB so, and 1.1 GiB with these.
 */
export const gpuMemory = { TF_FORCE_GPU_ALLOW_GROWTH: "true", TF_CUDNN_WORKSPACE_LIMIT_IN_MB: "512" } as const;
