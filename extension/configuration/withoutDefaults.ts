import { parseConfig, type Config } from "./config";

/** Keys that are written even where their values are the defaults, because users change these keys first. */
const alwaysWritten = new Set([
  "mode",
  "network.depth",
  "network.width",
  "data.loadSize",
  "data.cropSize",
  "training.epochs",
  "training.decayEpochs",
]);

/** Sections of which only some keys may be written; any other value is written whole or left out. */
const sections = ["network", "network.discriminator", "data", "training"];

/**
 * A configuration as a file would have it: without keys that have their defaults, except {@link alwaysWritten}. {@link parseConfig} of the
 * result gives the same configuration.
 */
export function withoutDefaults(config: Config): Record<string, unknown> {
  const { kind, dimensions, generator, inputChannels, outputChannels } = config.network;
  // The keys on which the defaults of other keys depend.
  const structure = { mode: config.mode, network: { kind, dimensions, generator, inputChannels, outputChannels } };
  return partToWrite(config, parseConfig(structure, "the defaults"), parseConfig({}, "the defaults"), "");
}

/**
 * The part of `value` that has to be written: keys that are always shown, keys that differ from `implied` (the defaults that follow from
 * the configuration's structure), and keys of that structure that differ from `plain` (the defaults of an empty configuration).
 * @param path dotted path of `value`; empty for the whole configuration
 */
function partToWrite(value: object, implied: object, plain: object, path: string): Record<string, unknown> {
  const entries = Object.entries(value).flatMap(([key, given]: [string, unknown]): [string, unknown][] => {
    const [ofImplied, ofPlain] = [implied, plain].map((each) => (each as Record<string, unknown>)[key]);
    const at = path === "" ? key : `${path}.${key}`;
    if (sections.includes(at)) {
      const inner = partToWrite(given as object, ofImplied as object, ofPlain as object, at);
      return Object.keys(inner).length === 0 ? [] : [[key, inner]];
    }
    const isStructure = structureKeys.has(at) && !isEqual(given, ofPlain);
    return alwaysWritten.has(at) || isStructure || !isEqual(given, ofImplied) ? [[key, given]] : [];
  });
  return Object.fromEntries(entries);
}

const structureKeys = new Set(
  ["kind", "dimensions", "generator", "inputChannels", "outputChannels"].map((key) => `network.${key}`),
);

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
