import { readConfiguration } from "../configuration/readConfiguration";
import { trainNew } from "../training/start";
import { noMore } from "./arguments";
import type { Command } from "./command";
import { TrainingView } from "./trainingView";
import { readWeightsFile } from "./weightsFile";

/** `revgan train`. */
export const train: Command = {
  summary: "trains a new run",
  help: `revgan train [--config FILE] [--data DIR] [--run DIR] [--set key=value]… [--init WEIGHTS.safetensors] [--json]

  --config FILE   revgan.json
  --data DIR      folder with trainA/ and trainB/ (unpaired), or train/ with A left and B right in one image (paired)
  --run DIR       a new or empty folder for the run; by default .revgan/runs/DATA-YYYYMMDD-HHMMSS
  --set key=value overrides a key, for example --set training.maxSteps=100; may be repeated
  --init FILE     begins with these weights, under PyTorch's names
  --json          prints a JSON object a line

Ctrl-C finishes the step, writes a checkpoint and exits with 130; \`revgan resume RUN\` goes on.`,
  options: {
    config: { type: "string" },
    data: { type: "string" },
    run: { type: "string" },
    set: { type: "string", multiple: true },
    init: { type: "string" },
  },
  async run(given, { output, signal }) {
    noMore(given.positionals, "train");
    const config = await readConfiguration({ file: given.value("config"), data: given.value("data"), sets: given.values("set") });
    const initFile = given.value("init");
    const init = initFile === undefined ? null : await readWeightsFile(initFile);
    const view = new TrainingView(output);
    await trainNew({ config, folder: given.value("run") ?? null, init }, { line: view.line, started: view.started, note: (text) => output.note(text), warn: (text) => output.warn(text), signal });
    return 0;
  },
};
