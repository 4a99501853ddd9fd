import { RevganError } from "../../protocol/errors";
import type { EngineLine, EngineName } from "../../protocol/lines";
import { engineOrder, statusOf } from "./engineStatus";
import { sharesMemory, whyNotGpu } from "./sharedMemoryGpu";
import { type WantedGpu, wantedGpu } from "./wantedGpu";

export interface ChosenEngine {
  name: EngineName;
  /** For example `TensorFlow 2.21.0`. */
  version: string;
  /** For example `CPU (2 cores)`. */
  device: string;
  /** One line for the log: why this engine, and why not a faster one. */
  why: string;
}

/**
 * Picks the engine for a run: the wanted one, or with `auto` the fastest that works here.
 * @param configuredGpu which GPU, by the configuration
 * @throws RevganError `engine` when the wanted one, or every one, does not work here
 */
export async function chooseEngine(
  wanted: "auto" | EngineName,
  env: NodeJS.ProcessEnv = process.env,
  signal?: AbortSignal,
  configuredGpu: WantedGpu = null,
): Promise<ChosenEngine> {
  const gpu = wantedGpu(configuredGpu, env);
  if (wanted !== "auto") {
    const line = await statusOf(wanted, env, signal, gpu);
    if (line.available)
      return {
        name: wanted,
        version: line.version ?? "",
        device: line.device ?? "",
        why: `${wanted}, as configured (${line.version ?? ""}, ${line.device ?? ""})`,
      };
    throw new RevganError(
      "engine",
      `the ${wanted} engine does not work here: ${line.reason ?? ""}`,
      line.remedy ?? "set engine to auto",
    );
  }
  const missing: EngineLine[] = [];
  for (const name of engineOrder) {
    const line = await statusOf(name, env, signal, gpu);
    const slower = name === "webgpu" && line.available && gpu === null ? await whySlower(line, env, signal) : null;
    if (line.available && slower === null)
      return { name, version: line.version ?? "", device: line.device ?? "", why: explainChoice(line, missing) };
    missing.push(slower === null ? line : { ...line, reason: slower });
  }
  const native = missing.find(({ name }) => name === "native");
  throw new RevganError(
    "engine",
    `no engine works here: ${missing.map(({ name, reason }) => `${name}: ${reason ?? ""}`).join("; ")}`,
    native?.remedy ?? "run `revgan engine status`",
  );
}

/**
 * Why the CPU is the better choice than the WebGPU engine's GPU; null where it is not, or where TensorFlow for the CPU is not installed.
 */
async function whySlower(
  webgpu: EngineLine,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  if (!sharesMemory(webgpu)) return null;
  const native = await statusOf("native", env, signal);
  return native.available ? whyNotGpu(webgpu, native, null, env, signal) : null;
}

/** Names the next faster engine, why it is unavailable, and the remedy if that is a command. */
function explainChoice(chosen: EngineLine, missing: readonly EngineLine[]): string {
  const better = missing.at(-1);
  if (!better) return `${chosen.name}, the fastest engine`;
  const reason = better.reason ?? "";
  const what = reason.startsWith("it ") ? reason.slice(3) : `does not work here: ${reason}`;
  const remedy = better.remedy?.startsWith("run ") === true ? ` (${better.remedy})` : "";
  return `${chosen.name}, because the ${better.name} engine ${what}${remedy}`;
}
