import type { Config } from "../../extension/configuration/config";
import type { NamedTensors } from "../../extension/trainer/interop/pytorch";
import { relativeDifference } from "../support/arrays";
import type { Fixture, FixtureName } from "./fixtures";

/** The largest of some errors, and what has it. */
export interface Worst {
  readonly error: number;
  readonly of: string;
}

/** How far the steps of a fixture are from PyTorch's. */
export interface Distances {
  readonly fixture: FixtureName;
  readonly backprop: Config["network"]["backprop"];
  /** {@link gradientDistance} of the first step's. */
  readonly gradients: Worst;
  /** {@link lossDistance}, by step. */
  readonly losses: readonly Worst[];
  /** {@link updateDistance} after the last step. */
  readonly updates: Worst;
}

/**
 * How exactly PyTorch's steps are met on every processor (fixtures/README.md). The gradients are the sharp test: Adam divides by a gradient's
 * size, so that rounding grows about tenfold a step in unpaired training in 2D, most of all in wide networks.
 */
export function tolerancesOf({ name, config }: Fixture): { gradients: number; losses: number[]; updates: number } {
  const grows = config.mode === "unpaired" && config.network.dimensions === 2;
  return {
    gradients: 1e-4,
    losses: grows ? [1e-4, 1e-3, 1e-2] : [1e-4, 1e-4, 1e-4],
    updates: name.endsWith("unpaired-wide") ? 0.1 : 0.03,
  };
}

/** NaN is worse than any number. */
function worst(errors: Iterable<readonly [string, number]>): Worst {
  let found: Worst = { error: 0, of: "nothing" };
  for (const [of, error] of errors) if (!(error <= found.error)) found = { error, of };
  return found;
}

/** |ours / PyTorch's − 1| of each loss of a step; NaN where ours lacks one. */
export function lossDistance(ours: Readonly<Record<string, number>>, truth: Readonly<Record<string, number>>): Worst {
  return worst(Object.entries(truth).map(([name, value]) => [name, Math.abs((ours[name] ?? NaN) / value - 1)]));
}

/**
 * The biases that a norm behind them takes away again, by PyTorch's gradients: they get only rounding noise there, and are zeros here. All
 * others' gradients are at least 1e-3 of that of the filter beside them.
 */
export function idleBiases(gradients: NamedTensors): Set<string> {
  const norm = (name: string): number =>
    Math.sqrt(gradients.get(name)!.data.reduce((sum, value) => sum + value * value, 0));
  const names = [...gradients.keys()].filter((name) => name.endsWith(".bias"));
  return new Set(names.filter((name) => norm(name) < 1e-4 * norm(name.replace(/bias$/, "weight"))));
}

/** ‖ours − PyTorch's‖ / ‖PyTorch's‖ of each gradient but the idle biases'. */
export function gradientDistance(ours: NamedTensors, truth: NamedTensors, idle: ReadonlySet<string>): Worst {
  const counted = [...truth].filter(([name]) => !idle.has(name));
  return worst(counted.map(([name, { data }]) => [name, relativeDifference(ours.get(name)!.data, data)]));
}

/** ‖our update − PyTorch's‖ / ‖PyTorch's‖ of each weight but the idle biases, from the weights `before`. */
export function updateDistance(
  ours: NamedTensors,
  { before, after }: { readonly before: NamedTensors; readonly after: NamedTensors },
  idle: ReadonlySet<string>,
): Worst {
  const update = (weights: NamedTensors, name: string): Float32Array => {
    const start = before.get(name)!.data;
    return weights.get(name)!.data.map((value, i) => value - start[i]!);
  };
  const counted = [...after.keys()].filter((name) => !idle.has(name));
  return worst(counted.map((name) => [name, relativeDifference(update(ours, name), update(after, name))]));
}

/** A line for each of some trainings by some path of the machine: worst gradient, worst loss by step and worst update. */
export function distanceTable(rows: readonly (Distances & { readonly path: string })[]): string {
  const cells = rows.map(({ path, fixture, backprop, gradients, losses, updates }) => [
    path,
    fixture,
    backprop,
    gradients.error.toExponential(1),
    losses.map(({ error }) => error.toExponential(1)).join(" "),
    `${(100 * updates.error).toFixed(3)}%`,
  ]);
  const lines = [["", "", "", "gradients", "losses by step", "updates"], ...cells];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
