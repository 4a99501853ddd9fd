import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import { type TranslationDirection, directions } from "../../protocol/lines";
import { requireDirection } from "../../configuration/networkKind";
import { readNetworkConfiguration } from "../../configuration/readConfiguration";
import type { Run } from "../../runFolder/runFile";
import { DecoderClient } from "../data/decoder/decoderClient";
import { fileKind } from "../data/dataset/fileKind";
import { openEngine } from "../engines/openEngine";
import { initialWeights } from "../training/initialWeights";
import { disposeNetwork, openNetwork, type WeightSource } from "../training/network";
import { planTranslations } from "../translate/translationPlan";
import { translateFiles } from "../translate/translateFiles";
import { Translator } from "../translate/translator";
import type { WrittenType } from "../volumes/volume";
import type { GivenArguments } from "./arguments";
import type { Ranks } from "../ranks/ranks";
import type { Command, CommandContext } from "./command";
import { withRanks } from "./launched";
import { weightsOfRun } from "../training/checkpointFiles";

const help = "see `revgan translate --help`";

/** `revgan translate`. */
export const translate: Command = {
  summary: "translates pictures or volumes of one domain into the other",
  help: `revgan translate (--run RUN | --weights FILE --config FILE) --direction AtoB|BtoA [--out DIR] [--overwrite] [--tile N] [--type T] [--json] FILE|DIR…

  --run RUN       translates with the run's latest checkpoint
  --weights FILE  or with weights as \`revgan train --init\` takes them, a file or a folder, and the network of --config
  --direction     AtoB or BtoA; a pix2pix translates AtoB alone
  --out DIR       writes there, else beside each picture; folders keep their subfolders
  --overwrite     replaces results that exist
  --tile N        translates pictures larger than N in tiles of N (volumes in blocks); by default only those that would need too
                  much memory
  --type T        how volumes are written: input (as the input stores its numbers, the default) or float32
  --json          prints a JSON object a line

Results are named STEM.AtoB.png and have the size, the bits and the alpha of their pictures; those of volumes STEM.AtoB.nii or
.nii.gz, with everything that their header says.`,
  isShared: true,
  options: {
    run: { type: "string" },
    weights: { type: "string" },
    config: { type: "string" },
    direction: { type: "string" },
    out: { type: "string" },
    overwrite: { type: "boolean" },
    tile: { type: "string" },
    type: { type: "string" },
  },
  run: (given, context) =>
    withRanks(context.output, (ranks) => translateShare(given, context, ranks), { allSpeak: true }),
};

/** Translates this rank's share of the files; without an MPI launch, all of them. Returns the exit code. */
async function translateShare(
  given: GivenArguments,
  { output, signal }: CommandContext,
  { local, isFirst, rank, size }: Ranks,
): Promise<number> {
  const direction = directionOf(given);
  const tile = tileSideOption(given);
  if (given.positionals.length === 0) throw new RevganError("usage", "translate needs a file or a folder", help);
  const as = typeNamed(given);
  const { config, intensity, weights } = await givenWeights(given, {
    warn: (text) => {
      if (isFirst) output.warn(text);
    },
    note: (text) => {
      if (isFirst) output.note(text);
    },
  });
  const plan = await planTranslations(
    given.positionals,
    direction,
    given.value("out") ?? null,
    fileKind(config.network.dimensions),
  );
  requireDirection(config.network, direction);
  const engine = await openEngine(config, { local, signal });
  if (isFirst) output.note(`Engine: ${engine.why}`);
  const model = openNetwork(engine.kernels, config, weights, { exact: false });
  const decoder = new DecoderClient({ code: "input" });
  let failures = 0;
  try {
    const own = plan.filter((_, i) => i % size === rank);
    await translateFiles(own, {
      translator: new Translator(engine.kernels, model, config.network, tile),
      decoder,
      files: { config, intensity, direction, half: "whole", as },
      overwrite: given.flag("overwrite"),
      signal,
      done: (line) => {
        output.line(line);
        output.result(line.output);
      },
      failed: (error) => {
        failures++;
        output.error(error);
      },
    });
  } finally {
    decoder.close();
    disposeNetwork(model);
  }
  return failures > 0 ? 2 : 0;
}

function directionOf(given: GivenArguments): TranslationDirection {
  const direction = given.value("direction");
  const known = directions.find((each) => each === direction);
  if (known === undefined)
    throw new RevganError("usage", `--direction must be AtoB or BtoA, not ${direction ?? "missing"}`, help);
  return known;
}

function typeNamed(given: GivenArguments): WrittenType {
  const type = given.value("type") ?? "input";
  if (type !== "input" && type !== "float32")
    throw new RevganError("usage", `--type must be input or float32, not ${type}`, help);
  return type;
}

function tileSideOption(given: GivenArguments): number | null {
  const tile = given.value("tile");
  if (tile === undefined) return null;
  const side = Number(tile);
  if (!Number.isInteger(side) || side < 16 || side > 16384)
    throw new RevganError("usage", `--tile must be a whole number from 16 to 16384, not ${tile}`, help);
  return side;
}

/**
 * Reads the weights of `--run`, or of `--weights` with the network of `--config`.
 * @throws RevganError `usage` when neither or both are given, or one of `--weights` and `--config` is missing
 */
async function givenWeights(
  given: GivenArguments,
  { warn, note }: { readonly warn: (text: string) => void; readonly note: (text: string) => void },
): Promise<{ readonly config: Config; readonly intensity: Run["intensity"] | null; readonly weights: WeightSource }> {
  const [run, path, file] = [given.value("run"), given.value("weights"), given.value("config")];
  if (run !== undefined && path === undefined && file === undefined) {
    const { config, intensity, ...weights } = await weightsOfRun(run, warn);
    return { config, intensity, weights };
  }
  if (run !== undefined || path === undefined || file === undefined)
    throw new RevganError("usage", "translate takes either --run, or --weights and --config", help);
  const config = await readNetworkConfiguration({ file, sets: [] });
  const { weights, notes } = await initialWeights({ ...config, training: { ...config.training, init: path } });
  for (const text of notes) note(text);
  return { config, intensity: null, weights };
}
