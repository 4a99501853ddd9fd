import { dirname } from "node:path";
import { RevganError } from "../../protocol/errors";
import { addonIn, locateEngine } from "./installed";
import type { Build } from "./install/catalogue";
import { gpuEnvironment } from "./gpuEnvironment";
import { requireFromHere } from "./packages";
import { readFileSync } from "node:fs";

export interface LoadedEngine {
  /** tfjs-node's N-API object: createTensor, executeOp, tensorDataSync, deleteTensor, TF_… */
  binding: unknown;
  /**
   * The vector instructions that our operations (native/operations.cc) use; null where these are not loaded. They compute only on CPUs, so
   * they are not loaded where TensorFlow uses a GPU; the folder of tfjs-node's own binding does not have them.
   */
  instructions: string | null;
  /** For example `TensorFlow 2.21.0`. */
  version: string;
}

/**
 * Loads a native engine into this process, for good: Node cannot unload it.
 * @throws RevganError `engine` when it is not installed or does not load
 */
export function loadNativeBinding(
  engine: Build["engine"] = "native",
  env: NodeJS.ProcessEnv = process.env,
): LoadedEngine {
  const located = locateEngine(engine, env);
  if (located === null)
    throw new RevganError(
      "engine",
      `the ${engine} engine is not installed`,
      "run `revgan engine install`, or set engine to wasm",
    );
  // TensorFlow reads this once, when it is loaded; at level 0 it logs which processor instructions it uses.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  // TensorFlow disables oneDNN on processors without AVX-512, although with it a step takes two thirds of the time (128², width 32,
  // 6 blocks on two cores of an EPYC: 3.0 s instead of 4.4 s), and half of it for volumes. It stays off where the system can refuse
  // memory: oneDNN's convolutions then write to a tensor whose allocation failed, and the process crashes (2.21.0), whereas TensorFlow's
  // own convolutions report the tensor that could not be allocated.
  if (process.arch === "x64") process.env["TF_ENABLE_ONEDNN_OPTS"] ??= memoryIsRefused() ? "0" : "1";
  Object.assign(process.env, gpuEnvironment(engine, process.env));
  const folder = dirname(located.bindingPath);
  const load = () => requireFromHere(located.bindingPath) as { TF_Version: string; isUsingGpuDevice(): boolean };
  try {
    const binding = withQuietStderr(folder, load);
    const operations = binding.isUsingGpuDevice() ? null : addonIn(folder, "operations");
    const instructions =
      operations === null ? null : (requireFromHere(operations) as { instructions: string }).instructions;
    return { binding, instructions, version: `TensorFlow ${binding.TF_Version}` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RevganError(
      "engine",
      `the ${engine} engine does not load: ${why}`,
      "run `revgan engine remove`, then `revgan engine install`",
      { cause: error },
    );
  }
}

/** The exports of the addon native/quietStderr.cc. */
interface QuietAddon {
  begin(): void;
  /** Ends the capture, and returns the text that was written to stderr since `begin`. */
  end(): string;
}

/**
 * Runs `load` with stderr captured, then prints the captured lines that are not known startup messages of TensorFlow.
 * @param folder the engine's folder; where it has no such addon (tfjs-node's own binding), everything is printed
 */
export function withQuietStderr<T>(folder: string, load: () => T): T {
  const path = addonIn(folder, "quietStderr");
  if (path === null) return load();
  const addon = requireFromHere(path) as QuietAddon;
  addon.begin();
  try {
    return load();
  } finally {
    const rest = withoutGreetings(addon.end());
    if (rest !== "") process.stderr.write(rest);
  }
}

const greetings = [
  /^WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR$/,
  /^I\d{4} .*oneDNN custom operations are on\./,
  /^I\d{4} .*This TensorFlow binary is optimized/,
  /^To enable the following instructions: /,
  // The GPU build prints this where it computes on the CPU. Where the GPU engine is wanted, a probe has already checked that it uses a GPU.
  /^E\d{4} .*failed call to cuInit: /,
];

/** Removes the lines that TensorFlow prints on every start. */
export function withoutGreetings(text: string): string {
  const lines = text.split("\n").filter((line) => !greetings.some((greeting) => greeting.test(line)));
  return lines.every((line) => line === "") ? "" : lines.join("\n");
}

/**
 * Whether an allocation of this process can fail (a limit on its address space, as `ulimit -v` and batch systems set it, or Linux's
 * strict overcommit), rather than succeed and let the OOM killer end a process later.
 * @param proc Linux's /proc; without that folder, on other systems, the result is false
 */
export function memoryIsRefused(proc = "/proc"): boolean {
  try {
    const limit = /^Max address space\s+(\S+)/m.exec(readFileSync(`${proc}/self/limits`, "utf8"))?.[1];
    return limit !== "unlimited" || readFileSync(`${proc}/sys/vm/overcommit_memory`, "utf8").trim() === "2";
  } catch {
    return false;
  }
}
