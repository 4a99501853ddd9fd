import { dirname } from "node:path";
import { RevganError } from "../../protocol/errors";
import { addonIn } from "./addons";
import type { Build } from "./install/catalogue";
import { gpuEnvironment } from "./gpuEnvironment";
import { locateEngine } from "./installed";
import { memoryIsRefused } from "./memoryIsRefused";
import { requireFromHere } from "./packages";
import { withQuietStderr } from "./quietStderr";

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
