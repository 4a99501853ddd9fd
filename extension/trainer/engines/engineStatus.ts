import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { RevganError } from "../../protocol/errors";
import type { EngineLine } from "../../protocol/lines";
import { locateNative } from "./installed";
import { installSource } from "./installSource";
import { packageFolder, requireFromHere } from "./packages";
import { probeBinding } from "./probe";

export type EngineName = EngineLine["name"];

/** All engines, the fastest first. */
export const engineOrder: readonly EngineName[] = ["native-gpu", "native", "wasm"];

/**
 * Tries every engine and says which work here, and why the others do not. An engine counts as available only after it computed
 * something: native in a child process, so that a crash of TensorFlow is an answer too.
 * @throws the AbortError of `signal`
 */
export async function engineStatus(env: NodeJS.ProcessEnv = process.env, signal?: AbortSignal): Promise<EngineLine[]> {
  return Promise.all(engineOrder.map((name) => statusOf(name, env, signal)));
}

/** Tries one engine. */
export async function statusOf(name: EngineName, env: NodeJS.ProcessEnv = process.env, signal?: AbortSignal): Promise<EngineLine> {
  switch (name) {
    case "native-gpu":
      return unavailable(name, "it is not available yet", "use the native engine on the CPU");
    case "native":
      return nativeStatus(env, signal);
    case "wasm":
      return wasmStatus();
  }
}

async function nativeStatus(env: NodeJS.ProcessEnv, signal: AbortSignal | undefined): Promise<EngineLine> {
  const located = locateNative(env);
  if (located === null) return notInstalled();
  const probe = await probeBinding(located.bindingPath, { signal });
  if (!probe.works) return unavailable("native", probe.reason, probe.remedy);
  return available("native", `TensorFlow ${probe.version}`, probe.device);
}

/** On a machine for which there is none, that is the reason, and no install command will help. */
function notInstalled(): EngineLine {
  try {
    installSource(undefined);
  } catch (error) {
    if (error instanceof RevganError) return unavailable("native", error.message, error.remedy);
    throw error;
  }
  return unavailable("native", "it is not installed", "run `revgan engine install`");
}

/** Lets V8 check the module with its SIMD instructions; kernels/ starts it. */
async function wasmStatus(): Promise<EngineLine> {
  const folder = packageFolder("@tensorflow/tfjs-backend-wasm");
  if (folder === null) return unavailable("wasm", "the npm package @tensorflow/tfjs-backend-wasm is missing", "install RevGAN again");
  const bytes = await readFile(join(folder, "dist", "tfjs-backend-wasm-simd.wasm")).catch(() => null);
  if (bytes === null) return unavailable("wasm", "its tfjs-backend-wasm-simd.wasm is missing", "install RevGAN again");
  const { WebAssembly } = globalThis as unknown as { WebAssembly?: { validate(bytes: Uint8Array): boolean } };
  if (WebAssembly?.validate(bytes) !== true) return unavailable("wasm", "this Node cannot run its WebAssembly", "use Node 20.19 or later");
  const { version } = requireFromHere(join(folder, "package.json")) as { version: string };
  return available("wasm", `TensorFlow.js ${version}`, "CPU (1 core)");
}

function available(name: EngineName, version: string, device: string): EngineLine {
  return { type: "engine", name, available: true, version, device, reason: null, remedy: null };
}

function unavailable(name: EngineName, reason: string, remedy: string): EngineLine {
  return { type: "engine", name, available: false, version: null, device: null, reason, remedy };
}
