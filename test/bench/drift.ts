import type { Kernels } from "../../extension/trainer/kernels/kernels";
import { dispose } from "../../extension/trainer/kernels/tensor";
import type { Coupling, CoreDirection } from "../../extension/trainer/nn/coupling";
import type { BackpropMode } from "../../extension/trainer/nn/reversibleCore";
import { openEngine } from "../../extension/trainer/engines/openEngine";
import { gaussian, gaussianTensor, relativeDifference } from "../support/arrays";
import { coreCouplings, coreOf, seededSource } from "../support/networks";

/** `[n, h, w, c]` of the features in the core, for a 64² image and a network of width 16. */
const shape = [1, 16, 16, 64];
const depths = [4, 9, 16, 32, 64];
const seeds = Array.from({ length: 10 }, (_, i) => i);

/** The kinds of reversible core that are compared, each in a table of its own. */
const kinds = {
  "additive, exact": { kind: "additive", exact: true },
  "additive, plain float32": { kind: "additive", exact: false },
  "affine (bounded)": { kind: "affine", exact: false },
} as const;

/** Largest |C⁻¹(C(x)) − x| of a core C, for values x that are multiples of 2⁻¹⁸. */
function drift(k: Kernels, couplings: readonly Coupling[], exact: boolean, seed: number): number {
  const x = k.tensor(
    gaussian(shape, seed).map((v) => Math.round(v * 2 ** 18) / 2 ** 18),
    shape,
  );
  const { y, saved } = coreOf(couplings, "forward", { exact }).forward(k, x, "none");
  const { y: back } = coreOf(couplings, "inverse", { exact }).run(k, y, "none", saved.grid);
  const [before, after] = [k.read(x), k.read(back)];
  const worst = before.reduce((most, value, i) => Math.max(most, Math.abs(value - after[i]!)), 0);
  dispose(x, y, back);
  return worst;
}

function gradients(
  k: Kernels,
  couplings: readonly Coupling[],
  backprop: BackpropMode,
  exact: boolean,
  direction: CoreDirection,
): Float32Array {
  const core = coreOf(couplings, direction, { backprop, exact });
  const x = gaussianTensor(k, shape, 1);
  const { y, saved } = core.forward(k, x, "minimal");
  const dy = gaussianTensor(k, shape, 2);
  const dx = core.backward(k, dy, { saved, input: () => x, output: () => y }, { input: true, weights: true })!;
  const all = [dx, ...core.parameters.map((parameter) => parameter.gradient!)].map((tensor) => k.read(tensor).slice());
  core.parameters.forEach((parameter) => parameter.clear());
  dispose(x, y, dy, dx);
  const joined = new Float32Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function summary(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const show = (value: number): string => (value === 0 ? "0" : value.toExponential(1));
  return `${show(sorted[sorted.length >> 1]!)} / ${show(sorted[sorted.length - 1]!)}`;
}

/** Prints the errors of the inverse and of the recomputed gradients by depth, each as median / worst of ten seeds. */
async function main(): Promise<void> {
  const { kernels: k, why } = await openEngine({ engine: "auto", gpu: null, convolution: "auto" }, { activation: 0 });
  process.stdout.write(`Features ${shape.join("×")}, fresh weights, ten seeds, median / worst. Engine: ${why}\n`);
  for (const [title, { kind, exact }] of Object.entries(kinds)) {
    const rows = depths.map((depth) => {
      const drifts: number[] = [];
      const differences: number[] = [];
      for (const seed of seeds) {
        const couplings = coreCouplings(seededSource(k, seed), { depth, channels: 64, kind });
        drifts.push(drift(k, couplings, exact, seed));
        differences.push(
          relativeDifference(
            gradients(k, couplings, "recompute", exact, "forward"),
            gradients(k, couplings, "store", exact, "forward"),
          ),
        );
        couplings.forEach((coupling) => coupling.parameters.forEach((parameter) => parameter.dispose()));
      }
      return {
        blocks: depth,
        "largest |C⁻¹(C(x)) − x|": summary(drifts),
        "‖recompute − store‖ / ‖store‖ of all gradients": summary(differences),
      };
    });
    process.stdout.write(`\n${title}\n`);
    console.table(rows);
  }
}

void main();
