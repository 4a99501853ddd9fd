import type { Kernels } from "../kernels/kernels";
import { Parameter, type ParameterPlan } from "../nn/parameter";
import { buildRevgan, type Revgan, type RevganPlan } from "./revgan";

/**
 * Builds the network on an engine.
 *
 * @param valueOf first value of each parameter, in our layout
 */
export function buildModel(k: Kernels, plan: RevganPlan, mode: "unpaired" | "paired", valueOf: (parameter: ParameterPlan) => Float32Array, exact = true): Revgan {
  const source = (parameter: ParameterPlan): Parameter =>
    new Parameter(parameter, k.ledger.within("weights", () => k.tensor(valueOf(parameter), parameter.shape)));
  return buildRevgan(plan, mode, source, exact);
}
