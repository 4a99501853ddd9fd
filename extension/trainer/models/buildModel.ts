import type { Config } from "../../configuration/config";
import { buildCyclegan } from "./cyclegan";
import type { LayerFactory } from "./layerFactory";
import type { Model } from "./model";
import { buildPix2pix } from "./pix2pix";
import { buildRevgan, type CoreChoices } from "./revgan";

/**
 * Builds the configured network.
 *
 * @param choices options of a reversible core; `exact` may be false where states are not reconstructed, as in translation
 */
export function buildModel(
  { mode, network }: Pick<Config, "mode" | "network">,
  factory: LayerFactory,
  choices: CoreChoices = {},
): Model {
  switch (network.kind) {
    case "revgan":
      return buildRevgan(network, mode, factory, choices);
    case "cyclegan":
      return buildCyclegan(network, factory);
    case "pix2pix":
      return buildPix2pix(network, factory);
  }
}
