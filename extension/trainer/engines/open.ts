import { RevganError } from "../../protocol/errors";
import type { Kernels } from "../kernels/kernels";
import { NativeKernels } from "../kernels/native";
import { PortableKernels } from "../kernels/portable";
import type { TensorFlowBinding } from "../kernels/tensorflow";
import type { Tfjs } from "../kernels/tfjs";
import { chooseEngine } from "./chooseEngine";
import type { EngineName } from "./engineStatus";
import { loadNativeBinding } from "./loadNative";
import { requireFromHere } from "./packages";

/** An engine that runs in this process, and how it came to be chosen. */
export interface OpenEngine {
  readonly kernels: Kernels;
  readonly name: EngineName;
  /** For example `TensorFlow 2.21.0`. */
  readonly version: string;
  /** For example `CPU (2 cores)`. */
  readonly device: string;
  /** One line: which engine, and why not a better one. */
  readonly why: string;
}

/**
 * Chooses an engine and starts it, for the life of the process.
 *
 * @throws RevganError `engine` when the wanted one, or every one, does not work here
 */
export async function openEngine(wanted: "auto" | EngineName, signal?: AbortSignal): Promise<OpenEngine> {
  const { name, why } = await chooseEngine(wanted, process.env, signal);
  if (name === "wasm") return { ...(await openWasm()), name, why };
  const { binding, version, device } = loadNativeBinding();
  return { kernels: new NativeKernels(binding as TensorFlowBinding), name, version, device, why };
}

async function openWasm(): Promise<Pick<OpenEngine, "kernels" | "version" | "device">> {
  const tf = requireFromHere("@tensorflow/tfjs-core") as Tfjs & { version_core: string };
  requireFromHere("@tensorflow/tfjs-backend-wasm");
  if (!(await tf.setBackend("wasm"))) {
    throw new RevganError("engine", "the WASM engine does not start", "run `npm install` again, or install the native engine with `revgan engine install`");
  }
  return { kernels: new PortableKernels("wasm", tf), version: `TensorFlow.js ${tf.version_core}`, device: "CPU (1 core)" };
}
