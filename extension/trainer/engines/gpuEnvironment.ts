import type { Build } from "./install/catalogue";

/**
 * TensorFlow would take the whole card, and as it tries algorithms for a convolution lend each up to 4 GB: a step of 0.35 GB of
 * tensors (256², width 64, 9 blocks) held 13.4 GiB so, and 1.1 GiB with these. And GPUs are to be numbered as nvidia-smi does.
 */
const usual = {
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
  TF_CUDNN_WORKSPACE_LIMIT_IN_MB: "512",
  CUDA_DEVICE_ORDER: "PCI_BUS_ID",
} as const;

/**
 * What TensorFlow reads about GPUs when it starts. Who sets it otherwise has his way, but that the engine on the CPU, which may be the
 * GPU's build, sees no GPU.
 */
export function gpuEnvironment(engine: Build["engine"], env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return engine === "native-gpu" ? { ...usual, ...env } : { ...env, CUDA_VISIBLE_DEVICES: "-1" };
}
