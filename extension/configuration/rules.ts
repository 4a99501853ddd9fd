import type { Config } from "./defaults";
import type { WrittenConfig } from "./schema";
import { axesOf, sideMultiple, smallestTrainingSide } from "./sizes";

/** A problem with one key of a configuration. */
export interface Problem {
  /** The key's dotted path. */
  readonly path: string;
  /** One sentence with the key, the value that was given and what is allowed. */
  readonly text: string;
  /** What the user should do; without it, messages say to change the key. */
  readonly remedy?: string;
}

/**
 * The problems between keys whose values are each allowed by the schema.
 *
 * @param config with every default filled in
 * @param written as given in the file, to tell given values from defaults
 */
export function combinationProblems(config: Config, written: WrittenConfig): Problem[] {
  return [
    ...networkKindProblems(config),
    ...reversibleProblems(config),
    ...budgetProblems(config, written),
    ...widthProblems(config),
    ...channelProblems(config),
    ...sizeProblems(config),
    ...dataProblems(config, written),
    ...trainingProblems(config),
  ];
}

function networkKindProblems({ mode, network }: Config): Problem[] {
  const problems: Problem[] = [];
  if (network.kind === "cyclegan" && mode !== "unpaired") {
    problems.push({ path: "mode", text: 'mode must be "unpaired" for the network kind "cyclegan", not "paired"' });
  }
  if (network.kind === "pix2pix" && mode !== "paired") {
    problems.push({ path: "mode", text: 'mode must be "paired" for the network kind "pix2pix", not "unpaired"' });
  }
  if (network.generator !== "resnet" && network.kind !== "pix2pix") {
    problems.push({
      path: "network.generator",
      text: `network.generator must be "resnet" for the network kind "${network.kind}", not "${network.generator}"`,
    });
  }
  return problems;
}

/**
 * Refuses batch normalisation and dropout in reversible networks: their blocks are computed again in the backward pass and must then give
 * the same output.
 */
function reversibleProblems({ network }: Config): Problem[] {
  if (network.kind !== "revgan") return [];
  const wanted = [
    ["norm", "instance"],
    ["dropout", false],
  ] as const;
  return wanted
    .filter(([key, value]) => network[key] !== value)
    .map(([key, value]) => ({
      path: `network.${key}`,
      text: `network.${key} must be ${shownValue(value)} for the network kind "revgan", not ${shownValue(network[key])}`,
    }));
}

/**
 * Refuses a memory budget where it has no meaning: it decides how many blocks of a reversible core are stored, which requires blocks that
 * can be recomputed and a fixed crop size, on which a step's memory depends.
 */
function budgetProblems({ network, data }: Config, written: WrittenConfig): Problem[] {
  const path = "network.memoryBudget";
  if (network.memoryBudget === null) return [];
  const problem = (text: string, remedy: string): Problem[] => [{ path, text, remedy }];
  if (network.kind !== "revgan")
    return problem(
      `${path} is for reversible networks, and the network kind "${network.kind}" stores every block`,
      `remove ${path}`,
    );
  if (network.backprop !== "recompute")
    return problem(
      `${path} needs network.backprop "recompute", of which it stores a part, not ${shownValue(written.network.backprop)}`,
      `set network.backprop to "recompute", or ${path} to null`,
    );
  if (data.cropSize === null)
    return problem(
      `${path} needs a fixed data.cropSize, on which a step's memory depends, not null`,
      `set data.cropSize, or ${path} to null`,
    );
  return [];
}

function widthProblems({ network }: Config): Problem[] {
  const channels = network.width * 2 ** network.downsampling;
  if (network.kind !== "revgan" || channels % 2 === 0) return [];
  return [
    {
      path: "network.width",
      text: `network.width must be even without downsampling, not ${network.width}: reversible blocks split the channels into two halves`,
    },
  ];
}

/** Images must have 1 (gray) or 3 (RGB) channels; volumes may have any number. */
function channelProblems({ network }: Config): Problem[] {
  if (network.dimensions === 3) return [];
  return (["inputChannels", "outputChannels"] as const)
    .filter((key) => network[key] !== 1 && network[key] !== 3)
    .map((key) => ({
      path: `network.${key}`,
      text: `network.${key} must be 1 (gray) or 3 (colour) for images, not ${network[key]}`,
    }));
}

function sizeProblems({ network, data }: Config): Problem[] {
  const problems: Problem[] = [];
  const allowed =
    network.dimensions === 2
      ? "a whole number, [height, width] or null"
      : "a whole number, [depth, height, width] or null";
  const load = axesOf(data.loadSize, network.dimensions);
  const crop = axesOf(data.cropSize, network.dimensions);
  if (load === undefined)
    problems.push({
      path: "data.loadSize",
      text: `data.loadSize must be ${allowed}, not ${shownValue(data.loadSize)}`,
    });
  if (crop === undefined)
    problems.push({
      path: "data.cropSize",
      text: `data.cropSize must be ${allowed}, not ${shownValue(data.cropSize)}`,
    });

  const multiple = sideMultiple(network);
  const smallest = smallestTrainingSide(network);
  if (crop?.some((side) => side < smallest)) {
    problems.push({
      path: "data.cropSize",
      text: `data.cropSize must be at least ${smallest} for this network, not ${shownValue(data.cropSize)}`,
    });
  } else if (crop?.some((side) => side % multiple !== 0)) {
    const why =
      network.generator === "resnet"
        ? `network.downsampling is ${network.downsampling}`
        : `network.generator is "${network.generator}"`;
    problems.push({
      path: "data.cropSize",
      text: `data.cropSize must be a multiple of ${multiple} (${why}), not ${shownValue(data.cropSize)}`,
    });
  }
  // Without a crop size, the resized image is cut to a multiple of the network's factor, and must be large enough itself.
  if (crop === null && load?.some((side) => side < smallest)) {
    problems.push({
      path: "data.loadSize",
      text: `data.loadSize must be at least ${smallest} for this network, not ${shownValue(data.loadSize)}`,
    });
  }
  if (load && crop?.some((side, axis) => side > (load[axis] ?? side))) {
    problems.push({
      path: "data.loadSize",
      text: `data.loadSize must be at least data.cropSize (${shownValue(data.cropSize)}), not ${shownValue(data.loadSize)}`,
    });
  }
  return problems;
}

function dataProblems({ data }: Config, written: WrittenConfig): Problem[] {
  const problems: Problem[] = [];
  const { kind, low, high } = data.intensity;
  const missing = (["low", "high"] as const).filter((key) => written.data.intensity[key] === undefined);
  if (kind === "window" && missing[0] !== undefined) {
    const path = `data.intensity.${missing[0]}`;
    problems.push({ path, text: `${path} is missing: a window needs low and high`, remedy: `add ${path}` });
  } else if (kind === "percentile" && (low < 0 || high > 100)) {
    problems.push({
      path: "data.intensity",
      text: `data.intensity must have percentiles from 0 to 100, not ${low} to ${high}`,
    });
  } else if (low >= high) {
    problems.push({
      path: "data.intensity",
      text: `data.intensity.low must be below data.intensity.high (${high}), not ${low}`,
    });
  }
  problems.push(...locationProblems(data));
  if (data.folders !== null && data.folders.a === data.folders.b) {
    problems.push({
      path: "data.folders",
      text: `data.folders must name two folders, not ${shownValue(data.folders.a)} twice`,
    });
  }
  return problems;
}

/** The data must be named in one way only, and `data.split` must leave a part to train on. */
function locationProblems({ path, a, b, folders, names, split }: Config["data"]): Problem[] {
  const problems: Problem[] = [];
  const missing = a === null ? "a" : "b";
  const given = a === null ? "b" : "a";
  if (path !== null && (a !== null || b !== null)) {
    problems.push({
      path: "data.path",
      text: `data.path and data.${given} both say where the data are: one data folder, or a folder for each domain`,
      remedy: "remove data.path, or data.a and data.b",
    });
  } else if ((a === null) !== (b === null)) {
    problems.push({
      path: `data.${given}`,
      text: `data.${missing} is missing: data.${given} is the folder of one domain`,
      remedy: `add data.${missing}, or name a data folder in data.path`,
    });
  } else if (a !== null && a === b) {
    problems.push({ path: "data.b", text: `data.a and data.b must be two folders, not ${shownValue(a)} twice` });
  }
  if (folders !== null && (a !== null || b !== null)) {
    problems.push({
      path: "data.folders",
      text: "data.folders names folders inside data.path, and data.a and data.b are the folders themselves",
      remedy: "remove data.folders",
    });
  }
  if (names !== null && names.a.toLowerCase() === names.b.toLowerCase())
    problems.push({ path: "data.names", text: `data.names must be two names, not ${shownValue(names.a)} twice` });
  if (split !== null && split.val + split.test >= 1) {
    problems.push({
      path: "data.split",
      text: `data.split must be below 1 in all, so that something is left to train on, not ${split.val} and ${split.test}`,
    });
  }
  return problems;
}

function trainingProblems({ mode, network, training }: Config): Problem[] {
  const problems: Problem[] = [];
  if (training.epochs + training.decayEpochs === 0) {
    problems.push({
      path: "training.epochs",
      text: "training.epochs and training.decayEpochs must not both be 0",
      remedy: "set training.epochs to at least 1, or training.maxSteps to 0 to write only the initial weights",
    });
  }
  if (mode === "unpaired" && network.inputChannels !== network.outputChannels && training.lambdaIdentity > 0) {
    problems.push({
      path: "training.lambdaIdentity",
      text: `training.lambdaIdentity must be 0 with different channel counts (${network.inputChannels} and ${network.outputChannels}), not ${training.lambdaIdentity}`,
    });
  }
  if (training.init === null && training.initSkip.length > 0) {
    problems.push({
      path: "training.initSkip",
      text: "training.initSkip says what training.init does not set, and there is no training.init",
      remedy: "set training.init to a file or folder of weights, or remove training.initSkip",
    });
  }
  const { validateEvery } = training;
  if (training.earlyStop > 0 && (validateEvery === 0 || validateEvery === null)) {
    problems.push({
      path: "training.earlyStop",
      text: `training.earlyStop counts validations at fixed steps, and training.validateEvery is ${validateEvery ?? "null (automatic)"}`,
      remedy: "set training.validateEvery to a number of steps, or training.earlyStop to 0",
    });
  }
  return problems;
}

/** A value as JSON for a message, shortened to 60 characters. */
export function shownValue(value: unknown): string {
  // JSON.stringify returns undefined for values that JSON cannot hold, although its declared type is string.
  const text = (JSON.stringify(value) as string | undefined) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
