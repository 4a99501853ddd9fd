import * as vscode from "vscode";

/** What the extension's programs are started with: this process's environment, and the GPU that the user chose. */
export function trainerEnvironment(): NodeJS.ProcessEnv {
  const gpu = vscode.workspace.getConfiguration("revgan").get<unknown>("gpu");
  return typeof gpu === "string" && /^\d+$/.test(gpu) ? { ...process.env, CUDA_VISIBLE_DEVICES: gpu } : process.env;
}
