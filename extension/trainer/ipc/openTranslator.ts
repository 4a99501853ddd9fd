import { stat } from "node:fs/promises";
import { join } from "node:path";
import { listCheckpoints } from "../../runFolder/checkpointFolders";
import { sumsFile } from "../../files/checksums";
import { openEngine, type OpenEngine } from "../engines/openEngine";
import type { Model } from "../models/model";
import { weightsOfRun } from "../training/checkpointFiles";
import { disposeNetwork, openNetwork } from "../training/network";
import type { FileSettings } from "../translate/translatedFile";
import { Translator } from "../translate/translator";

/** A network that is ready to translate. */
export interface ReadyNetwork {
  readonly translator: Translator;
  readonly files: Pick<FileSettings, "config" | "intensity">;
}

/**
 * Translates with the network of the last request, which stays loaded together with the engine, so that the next translation starts without
 * delay.
 */
export class OpenTranslator {
  private engine: OpenEngine | null = null;
  private ready: (ReadyNetwork & { readonly model: Model; readonly version: string }) | null = null;

  /** Drops the engine after its GPU was lost with everything on it. The next translation opens it again. */
  forget(): void {
    this.engine = null;
    this.ready = null;
  }

  /**
   * The run's network at its latest undamaged checkpoint. A network that an earlier call returned is disposed when another is loaded.
   * @param note called with warnings, such as a damaged checkpoint
   * @throws RevganError as `revgan translate`
   */
  async of(run: string, note: (text: string) => void, signal: AbortSignal): Promise<ReadyNetwork> {
    const version = await newestIn(run);
    if (this.ready?.version === version) return this.ready;
    const { config, intensity, ...weights } = await weightsOfRun(run, note);
    // TensorFlow cannot be loaded twice in a process, so the engine of the first run is used for all later runs.
    this.engine ??= await openEngine(config, { signal });
    if (this.ready !== null) disposeNetwork(this.ready.model);
    const { kernels } = this.engine;
    const model = openNetwork(kernels, config, weights, { exact: false });
    this.ready = {
      version,
      model,
      files: { config, intensity },
      translator: new Translator(kernels, model, config.network, null),
    };
    return this.ready;
  }
}

/**
 * Identifies the newest checkpoint by its path and time, because verifying its checksums each time would take longer than a translation.
 */
async function newestIn(run: string): Promise<string> {
  const newest = (await listCheckpoints(run))[0]?.path;
  if (newest === undefined) return "none";
  const sums = await stat(join(newest, sumsFile)).catch(() => null);
  return `${newest} ${sums?.mtimeMs ?? "gone"}`;
}
