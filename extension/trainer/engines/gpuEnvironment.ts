import type { Build } from "./install/catalogue";

/**
 * By default TensorFlow reserves the whole GPU memory, and gives each algorithm that it tries for a convolution up to 4 GB of workspace: a
 * step of 0.35 GB of tensors (256², width 64, 9 blocks) held 13.4 GiB, and 1.1 GiB with these variables. PCI_BUS_ID numbers GPUs as
 * nvidia-smi does.
 */
const defaultVariables = {
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
  TF_CUDNN_WORKSPACE_LIMIT_IN_MB: "512",
  CUDA_DEVICE_ORDER: "PCI_BUS_ID",
} as const;

/**
 * The environment variables that TensorFlow reads about GPUs when it starts. The user's own values win, except that the CPU engine, which
 * may be the GPU build, never sees a GPU.
 */
export function gpuEnvironment(engine: Build["engine"], env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return engine === "native-gpu" ? { ...defaultVariables, ...env } : { ...env, CUDA_VISIBLE_DEVICES: "-1" };
}
