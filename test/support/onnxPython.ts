import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HostTensor } from "../../extension/trainer/kernels/tensor";

/** The path of a Python with onnx, onnxruntime and Pillow, which `npm test` installs. */
export function onnxPython(): string {
  const python = process.env["REVGAN_ONNX_PYTHON"];
  if (python === undefined) throw new Error("REVGAN_ONNX_PYTHON names no Python: run this by `npm test -- --full`");
  return python;
}

/** What onnx and onnxruntime report about a model. */
export interface SeenModel {
  readonly opset: number;
  /** Names of the model's values for which ONNX's shape inference finds no type or rank. */
  readonly unknown: readonly string[];
  /** Names and sizes of the input and the output. */
  readonly dims: readonly (readonly [string, readonly (string | number)[]])[];
  /** The output `[n, c, …]` for each input, in the order of the inputs. */
  readonly outputs: readonly Float32Array[];
}

/**
 * Checks models and runs them, as `test/support/python/models.py` does.
 *
 * @param folder for files of arrays
 * @param jobs models and inputs `[n, c, …]` of any sides
 */
export function seenByPython(
  folder: string,
  jobs: readonly { model: string; inputs: readonly HostTensor[] }[],
): SeenModel[] {
  const files = jobs.map(({ model, inputs }, job) => ({
    model,
    runs: inputs.map(({ shape, data }, i) => {
      const input = join(folder, `${job}-${i}.input`);
      writeFileSync(input, data);
      return { shape, input, output: join(folder, `${job}-${i}.output`) };
    }),
  }));
  const text = execFileSync(onnxPython(), [join(import.meta.dirname, "python", "models.py")], {
    input: JSON.stringify(files),
    encoding: "utf8",
    stdio: ["pipe", "pipe", "inherit"],
  });
  const seen = JSON.parse(text) as Omit<SeenModel, "outputs">[];
  return seen.map((each, job) => ({ ...each, outputs: files[job]!.runs.map(({ output }) => floatsIn(output)) }));
}

function floatsIn(file: string): Float32Array {
  return new Float32Array(Uint8Array.from(readFileSync(file)).buffer);
}
