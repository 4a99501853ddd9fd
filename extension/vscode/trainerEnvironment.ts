import { setting } from "./settings";

/** What the extension's programs are started with: this process's environment, and the GPU that the user chose. */
export function trainerEnvironment(): NodeJS.ProcessEnv {
  const gpu = setting("gpu");
  return gpu === "" ? process.env : { ...process.env, CUDA_VISIBLE_DEVICES: gpu };
}
