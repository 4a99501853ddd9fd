import type { Config } from "../../configuration/defaults";
import type { MemoryPart } from "../kernels/ledger";
import { Tensor } from "../kernels/tensor";
import { LayerFactory } from "../models/layerFactory";
import { Chain } from "../nn/chain";
import type { Layer } from "../nn/layer";
import { Parameter, type ParameterPlan } from "../nn/parameter";
import { CountedLayer, CountedPasses } from "./countedLayer";

/** Passed as the values of tensors that have only a shape. */
export const noValues = new Float32Array(0);

/** Builds networks for counting: parameters without values, in no ledger, and chains of equal shape that share {@link CountedPasses}. */
export class CountedLayerFactory extends LayerFactory {
  private readonly known = new Map<string, CountedPasses>();
  private copies = 0;

  constructor({ norm, dropout }: Pick<Config["network"], "norm" | "dropout">) {
    super(shapeAlone, norm, dropout ? { begin: () => undefined, next: () => noValues } : null);
  }

  override chain(part: MemoryPart, sharedShape: number | null, layers: () => readonly Layer[]): Layer {
    const make = (): CountedPasses => new CountedPasses(new Chain(layers(), part));
    if (sharedShape === null) {
      const passes = make();
      return new CountedLayer(passes, passes.layer.parameters);
    }
    const key = `${part} ${sharedShape}`;
    const passes = this.known.get(key) ?? make();
    this.known.set(key, passes);
    // The optimiser keys its moments by name, so names must differ.
    const copy = ({ plan }: Parameter): Parameter => shapeAlone({ ...plan, name: `${++this.copies}` });
    return new CountedLayer(passes, passes.layer.parameters.map(copy));
  }
}

/** A parameter whose tensor has a shape but no values and belongs to no ledger. */
export function shapeAlone(plan: ParameterPlan): Parameter {
  return new Parameter(plan, new Tensor(plan.shape, null, () => undefined));
}
