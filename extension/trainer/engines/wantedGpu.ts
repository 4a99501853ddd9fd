/** Which GPU is wanted: its number among those that an engine lists, a part of its name, or null for any. */
export type WantedGpu = number | string | null;

/** Why an engine or a GPU cannot be used, and what the user can do about it. */
export interface Lack {
  readonly reason: string;
  readonly remedy: string;
}

/** A GPU that an engine lists, by the engine's own number. */
interface ListedGpu {
  readonly index: number;
  readonly name: string;
}

/**
 * The GPU that the configuration names, else the one that `REVGAN_GPU` names. VS Code sets that variable for its programs from its setting.
 */
export function wantedGpu(configured: WantedGpu, env: NodeJS.ProcessEnv): WantedGpu {
  const text = String(configured ?? env["REVGAN_GPU"] ?? "");
  if (text === "") return null;
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** The wanted GPU among those that an engine lists, or why there is none. */
export function findGpu<Gpu extends ListedGpu>(gpus: readonly Gpu[], wanted: NonNullable<WantedGpu>): Gpu | Lack {
  const found =
    typeof wanted === "number"
      ? gpus.find(({ index }) => index === wanted)
      : gpus.find(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  if (found !== undefined) return found;
  return {
    reason: `there is no GPU ${JSON.stringify(wanted)}`,
    remedy:
      gpus.length === 0
        ? "install the GPU's driver"
        : `set gpu to one of ${gpus.map(({ index, name }) => `${index}: ${name}`).join(", ")}`,
  };
}
