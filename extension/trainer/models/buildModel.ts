import type { Config } from "../../configuration/config";
import { buildCyclegan } from "./cyclegan";
import type { LayerFactory } from "./layerFactory";
import type { Model } from "./model";
import { buildPix2pix } from "./pix2pix";
import { buildRevgan } from "./revgan";

/**
 * Builds the configured network.
 *
 * @param exact whether a reversible core reconstructs its input bit for bit; false where nothing is reconstructed, as in translation
 */
export function buildModel(
  { mode, network }: Pick<Config, "mode" | "network">,
  factory: LayerFactory,
  exact = true,
): Model {
  switch (network.kind) {
    case "revgan":
      return buildRevgan(network, mode, factory, exact);
    case "cyclegan":
      return buildCyclegan(network, factory);
    case "pix2pix":
      return buildPix2pix(network, factory);
  }
}
