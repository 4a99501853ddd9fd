import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { addonIn } from "./installed";
import type { Build } from "./install/catalogue";
import { gpuEnvironment } from "./gpuEnvironment";
import { runProcess } from "../../processes/runProcess";

/** The result of running a binding in a child process. */
export type Probe =
  { works: true; version: string; gpu: boolean } | { works: false; reason: string; remedy: string; cause?: Error };

/**
 * Multiplies two matrices with the binding named in argv[1], pads a picture with our operation where the addon is installed, and prints the
 * results.
 */
const probeScript = `
const [, bindingPath, operations] = process.argv;
const binding = require(bindingPath);
const attribute = (name, type, value) => ({ name, type, value });
const id = binding.createTensor([2, 2], binding.TF_FLOAT, new Float32Array([1, 2, 3, 4]));
const attributes = [attribute("T", binding.TF_ATTR_TYPE, binding.TF_FLOAT), attribute("transpose_a", binding.TF_ATTR_BOOL, false), attribute("transpose_b", binding.TF_ATTR_BOOL, false)];
const [product] = binding.executeOp("MatMul", attributes, [id, id], 1);
let right = Array.from(binding.tensorDataSync(product.id)).join() === "7,10,15,22";
if (operations !== undefined && !binding.isUsingGpuDevice()) {
  require(operations);
  const picture = binding.createTensor([1, 2, 2, 1], binding.TF_FLOAT, new Float32Array([1, 2, 3, 4]));
  const [padded] = binding.executeOp("RevganPad", [attribute("width", binding.TF_ATTR_INT, 1), attribute("replicates", binding.TF_ATTR_BOOL, false), attribute("rectifies", binding.TF_ATTR_BOOL, false)], [picture], 1);
  right &&= Array.from(binding.tensorDataSync(padded.id)).join() === "4,3,4,3,2,1,2,1,4,3,4,3,2,1,2,1";
}
process.stdout.write("\\n" + JSON.stringify({ right, version: binding.TF_Version, gpu: binding.isUsingGpuDevice() }));
`;

/** The CPU as shown to users and in run.json. */
export function processorName(): string {
  const cores = availableParallelism();
  return `CPU (${cores} ${cores === 1 ? "core" : "cores"})`;
}

/**
 * Loads a binding in a child process and runs operations there, so that a crash or a hang does not affect this process.
 * @throws the AbortError of `signal`
 */
export async function probeBinding(
  engine: Build["engine"],
  bindingPath: string,
  options: { timeoutMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<Probe> {
  const timeoutMs = options.timeoutMs ?? 60_000;
  // Under VS Code this process is Electron, which runs as Node only with ELECTRON_RUN_AS_NODE; NODE_OPTIONS may start a debugger that
  // waits for a client.
  const env: NodeJS.ProcessEnv = {
    ...gpuEnvironment(engine, process.env),
    ELECTRON_RUN_AS_NODE: "1",
    TF_CPP_MIN_LOG_LEVEL: "2",
  };
  delete env["NODE_OPTIONS"];
  const operations = addonIn(dirname(bindingPath), "operations") ?? [];
  const end = await runProcess(process.execPath, ["-e", probeScript, bindingPath].concat(operations), {
    timeoutMs,
    signal: options.signal,
    env,
  });
  const answer = parseAnswer(end.stdout);
  if (end.code === 0 && answer?.right === true) return { works: true, version: answer.version, gpu: answer.gpu };
  const cause = new Error(end.stderr.trim().split("\n").slice(-20).join("\n"));
  const again = "run `revgan engine remove`, then `revgan engine install`";
  if (end.timedOut)
    return { works: false, reason: `it did not answer within ${timeoutMs / 1000} s`, remedy: again, cause };
  if (end.signal === "SIGILL")
    return {
      works: false,
      reason: "this processor lacks instructions (AVX) that TensorFlow is built for",
      remedy: "use the wasm engine",
      cause,
    };
  if (end.signal !== null)
    return { works: false, reason: `TensorFlow crashed while loading (${end.signal})`, remedy: again, cause };
  if (answer?.right === false)
    return { works: false, reason: "TensorFlow computed wrong numbers", remedy: again, cause };
  return { works: false, reason: loadFailure(end.stderr), remedy: again, cause };
}

function parseAnswer(stdout: string): { right: boolean; version: string; gpu: boolean } | null {
  try {
    return JSON.parse(stdout.slice(stdout.lastIndexOf("\n") + 1)) as { right: boolean; version: string; gpu: boolean };
  } catch {
    return null;
  }
}

/** The loader's message from a child's stderr, where Node prints it as `Error: …` in a stack trace. */
function loadFailure(stderr: string): string {
  const line = /^(?:\w*Error): (.+)$/m.exec(stderr)?.[1];
  return line === undefined ? "TensorFlow does not load" : `TensorFlow does not load: ${line}`;
}
