import { seededRandom } from "../../extension/trainer/random";
import type { Kernels } from "../../extension/trainer/kernels/kernels";
import { elements } from "../../extension/trainer/kernels/tensor";
import { LayerFactory } from "../../extension/trainer/models/layerFactory";
import { couplings } from "../../extension/trainer/models/buildingBlocks";
import type { Coupling, CoreDirection } from "../../extension/trainer/nn/coupling";
import { Parameter, type ParameterPlan, type CreateParameter } from "../../extension/trainer/nn/parameter";
import { type CoreOptions, ReversibleCore } from "../../extension/trainer/nn/reversibleCore";

/**
 * Creates seeded parameters with mean 0 and standard deviation `scale`, biases too, so that no gradient is zero by construction.
 * @param changed values for some parameters, by name
 */
export function seededSource(
  k: Kernels,
  seed: number,
  scale = 0.02,
  changed: ReadonlyMap<string, Float32Array> = new Map(),
): CreateParameter {
  return (plan: ParameterPlan) => {
    const draw = seededRandom(seed, plan.name);
    const values =
      changed.get(plan.name) ?? Float32Array.from({ length: elements(plan.shape) }, () => scale * draw.normal());
    return new Parameter(
      plan,
      k.ledger.within("weights", () => k.tensor(values, plan.shape)),
    );
  };
}

/** `depth` couplings of a reversible core whose features have `channels` channels. */
export function coreCouplings(
  source: CreateParameter,
  plan: { depth: number; channels: number; kind?: "additive" | "affine"; dimensions?: 2 | 3 },
): Coupling[] {
  const { depth, channels, kind = "additive", dimensions = 2 } = plan;
  return couplings(
    "G_core.model",
    depth,
    kind,
    { dimensions, width: channels / 4, downsampling: 2 },
    new LayerFactory(source),
  );
}

/** A reversible core of these couplings, which by default recomputes exactly. */
export function coreOf(
  couplings: readonly Coupling[],
  direction: CoreDirection,
  options: Partial<CoreOptions> = {},
): ReversibleCore {
  return new ReversibleCore(couplings, direction, { backprop: "recompute", exact: true, ...options });
}
