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
  /** Whether it has our operations (native/operations.cc): they are for processors, and tfjs-node's own binding comes without. */
  hasOperations: boolean;
  /** `TensorFlow 2.21.0` */
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
  // TensorFlow tells about processor instructions at level 0 and reads this once, when it is loaded.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  // On processors without AVX-512 TensorFlow leaves oneDNN alone, with which a step takes two thirds of the time there (128², width 32,
  // 6 blocks on two cores of an EPYC: 4.4 s and 3.0 s), and half of it in volumes.
  // Not where memory can be refused: its convolutions then write into a tensor that they did not get, and the process is gone
  // without a word (2.21.0), where TensorFlow's own say which tensor found no room.
  if (process.arch === "x64") process.env["TF_ENABLE_ONEDNN_OPTS"] ??= memoryIsRefused() ? "0" : "1";
  Object.assign(process.env, gpuEnvironment(engine, process.env));
  const folder = dirname(located.bindingPath);
  const load = () => requireFromHere(located.bindingPath) as { TF_Version: string; isUsingGpuDevice(): boolean };
  try {
    const binding = withQuietStderr(folder, load);
    const operations = binding.isUsingGpuDevice() ? null : addonIn(folder, "operations");
    if (operations !== null) requireFromHere(operations);
    return { binding, hasOperations: operations !== null, version: `TensorFlow ${binding.TF_Version}` };
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

/** native/quietStderr.cc. */
interface QuietAddon {
  begin(): void;
  /** What was written to stderr meanwhile. */
  end(): string;
}

/**
 * Runs `load` while stderr is set aside, then prints of it what is not one of TensorFlow's known greetings.
 * @param folder the engine's; without the addon in it (tfjs-node's own binding) everything is printed
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
  // The GPU's build on the CPU; where a GPU is wanted, that it works was tried before.
  /^E\d{4} .*failed call to cuInit: /,
];

/** TensorFlow's words without the lines that it prints on every start. */
export function withoutGreetings(text: string): string {
  const lines = text.split("\n").filter((line) => !greetings.some((greeting) => greeting.test(line)));
  return lines.every((line) => line === "") ? "" : lines.join("\n");
}

/**
 * Whether the system can refuse memory to this process (a limit on its addresses, as `ulimit -v` and batch systems set it, or
 * Linux's strict accounting), rather than grant it and end some process later.
 * @param proc where Linux tells about processes; elsewhere there is no such folder, and the answer is no
 */
export function memoryIsRefused(proc = "/proc"): boolean {
  try {
    const limit = /^Max address space\s+(\S+)/m.exec(readFileSync(`${proc}/self/limits`, "utf8"))?.[1];
    return limit !== "unlimited" || readFileSync(`${proc}/sys/vm/overcommit_memory`, "utf8").trim() === "2";
  } catch {
    return false;
  }
}
