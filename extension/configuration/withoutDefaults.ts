import { parseConfig, type Config } from "./config";

/** Keys that a file is to show although their values are the defaults: those that people change first. */
const shown = new Set([
  "mode",
  "network.depth",
  "network.width",
  "data.loadSize",
  "data.cropSize",
  "training.epochs",
  "training.decayEpochs",
]);

/** What is written key by key; any other value is written as a whole. */
const sections = ["network", "network.discriminator", "data", "training"];

/** A configuration as one writes it: without the keys that have their defaults. Reading it again gives the same configuration. */
export function withoutDefaults(config: Config): Record<string, unknown> {
  const { kind, dimensions, generator, inputChannels, outputChannels } = config.network;
  // The defaults of other keys follow from these.
  const structure = { mode: config.mode, network: { kind, dimensions, generator, inputChannels, outputChannels } };
  return difference(config, parseConfig(structure, "the defaults"), parseConfig({}, "the defaults"), "");
}

/** What of `value` has to be written: what differs from the value that it would have without, or is what the others follow from. */
function difference(value: object, implied: object, plain: object, path: string): Record<string, unknown> {
  const entries = Object.entries(value).flatMap(([key, given]: [string, unknown]): [string, unknown][] => {
    const [ofImplied, ofPlain] = [implied, plain].map((each) => (each as Record<string, unknown>)[key]);
    const at = path === "" ? key : `${path}.${key}`;
    if (sections.includes(at)) {
      const inner = difference(given as object, ofImplied as object, ofPlain as object, at);
      return Object.keys(inner).length === 0 ? [] : [[key, inner]];
    }
    const isStructure = isImplying.has(at) && !isEqual(given, ofPlain);
    return shown.has(at) || isStructure || !isEqual(given, ofImplied) ? [[key, given]] : [];
  });
  return Object.fromEntries(entries);
}

const isImplying = new Set(
  ["kind", "dimensions", "generator", "inputChannels", "outputChannels"].map((key) => `network.${key}`),
);

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
