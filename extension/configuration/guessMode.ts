import type { Config } from "./config";

/**
 * The mode that a data folder is made for: pairs side by side in `train/`, or else two domains in `trainA/` and `trainB/`.
 * @param names of what lies in the folder
 */
export function guessMode(names: readonly string[]): Config["mode"] {
  const twoDomains = names.includes("trainA") || names.includes("trainB");
  return names.includes("train") && !twoDomains ? "paired" : "unpaired";
}
