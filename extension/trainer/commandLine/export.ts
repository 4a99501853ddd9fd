import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { directionsOf, requireDirection } from "../../configuration/networkKind";
import { RevganError } from "../../protocol/errors";
import { directions, type TranslationDirection } from "../../protocol/lines";
import { writeFileAtomic, writeFilesAtomic } from "../../files/atomic";
import { explainingDiskErrors } from "../../files/diskErrors";
import { onnxModels } from "../interop/onnx/onnxModel";
import { safetensorsPieces } from "../interop/safetensors";
import { exportEvents } from "../tensorboard/exportEvents";
import { weightsOfRun } from "../training/checkpointFiles";
import { type GivenArguments, rejectPositionals } from "./arguments";
import type { Command } from "./command";
import type { Output } from "./output";

const help = "see `revgan export --help`";

/** The run to export, and the path to write. The parent folder of `out` may not exist yet. */
interface ExportOrder {
  readonly run: string;
  readonly out: string;
  readonly given: GivenArguments;
  readonly output: Output;
}

/** For each format a function that exports a run, and returns the paths of the written files. */
const formats: Readonly<Record<string, (order: ExportOrder) => Promise<readonly string[]>>> = {
  pytorch: exportPytorch,
  onnx: exportOnnx,
  tensorboard: exportTensorBoard,
};

/** `revgan export`. */
export const exportRun: Command = {
  summary: "writes a run's weights, networks or course for other programs",
  help: `revgan export --run RUN --format pytorch|onnx|tensorboard --out PATH [--direction AtoB|BtoA|both]

  --run RUN       the run, also one that is being trained
  --format        pytorch: the weights of the latest checkpoint, a safetensors file with the names and shapes of the authors' PyTorch
                  code
                  onnx: the network with these weights, for onnxruntime and other programs that read ONNX
                  tensorboard: losses, validations, memory, samples and configuration, as an event file of TensorBoard
  --out PATH      the file to write, an existing one is replaced as a whole; for tensorboard a folder, where the event file of an
                  earlier export is replaced
  --direction     of onnx: AtoB, BtoA, or both as PATH.AtoB.onnx and PATH.BtoA.onnx (a .onnx at the end of PATH is dropped first);
                  by default all that the network translates`,
  options: {
    run: { type: "string" },
    format: { type: "string" },
    out: { type: "string" },
    direction: { type: "string" },
  },
  async run(given, { output }) {
    rejectPositionals(given.positionals, "export");
    const [run, name, out] = [given.value("run"), given.value("format"), given.value("out")];
    if (run === undefined || out === undefined) throw new RevganError("usage", "export needs --run and --out", help);
    const format = name !== undefined && Object.hasOwn(formats, name) ? formats[name] : undefined;
    if (format === undefined)
      throw new RevganError(
        "usage",
        `--format must be ${Object.keys(formats).join(" or ")}, not ${name ?? "missing"}`,
        help,
      );
    for (const path of await format({ run, out, given, output })) output.result(path);
    return 0;
  },
};

async function exportPytorch({ run, out, given, output }: ExportOrder): Promise<string[]> {
  refuseDirection(given, "pytorch has all weights in one file");
  const { tensors } = await weightsOfRun(run, (text) => output.warn(text));
  await makeFolderOf(out);
  await writeFileAtomic(out, safetensorsPieces(tensors));
  return [out];
}

async function exportOnnx({ run, out, given, output }: ExportOrder): Promise<string[]> {
  const asked = directionsAsked(given);
  const network = await weightsOfRun(run, (text) => output.warn(text));
  const wanted = asked ?? directionsOf(network.config.network);
  for (const direction of wanted) requireDirection(network.config.network, direction);
  if (network.config.network.dropout)
    output.warn("Dropout is left out of the model, so that its results differ from those of `revgan translate`.");
  const models = onnxModels(network, wanted);
  const paths = wanted.length === 1 ? [out] : wanted.map((each) => `${out.replace(/\.onnx$/i, "")}.${each}.onnx`);
  await makeFolderOf(out);
  await writeFilesAtomic(new Map(paths.map((path, i) => [path, models[i]!])));
  return paths;
}

async function exportTensorBoard({ run, out, given, output }: ExportOrder): Promise<string[]> {
  refuseDirection(given, "tensorboard has the samples of both");
  await exportEvents(resolve(run), out, (text) => output.warn(text));
  return [out];
}

/** @throws RevganError `usage` where a direction is given for a format that has none */
function refuseDirection(given: GivenArguments, why: string): void {
  if (given.value("direction") !== undefined) throw new RevganError("usage", `--direction is of onnx: ${why}`, help);
}

/** The directions that `--direction` names; undefined without the option. @throws RevganError `usage` for any other word */
function directionsAsked(given: GivenArguments): readonly TranslationDirection[] | undefined {
  const word = given.value("direction");
  if (word === undefined || word === "both") return word && directions;
  const known = directions.filter((each) => each === word);
  if (known.length === 0) throw new RevganError("usage", `--direction must be AtoB, BtoA or both, not ${word}`, help);
  return known;
}

async function makeFolderOf(file: string): Promise<void> {
  await explainingDiskErrors(file, undefined, () => mkdir(dirname(file), { recursive: true }));
}
