import { RevganError } from "../../protocol/errors";
import { type EvaluatedSplit, evaluatedSplits } from "../../protocol/lines";
import { type Evaluation, type EvaluationListener, evaluateRun } from "../evaluate/evaluateRun";
import { type GivenArguments, rejectPositionals } from "./arguments";
import type { Command } from "./command";
import { evaluationTable } from "./evaluationTable";
import { withRanks } from "./launched";

const help = "see `revgan evaluate --help`";

/** `revgan evaluate`. */
export const evaluate: Command = {
  summary: "judges a run's translations of pictures or volumes that it was not trained on",
  help: `revgan evaluate --run RUN [--data DIR] [--split test|val] [--palette FILE] [--out DIR] [--json [--progress]]

  --run RUN       the run, whose latest checkpoint is judged in every direction that it translates
  --data DIR      another data folder than the run was trained on, laid out like it
  --split         test (the default) or val
  --palette FILE  colours of label maps, each a class: a GIMP palette, or lines of R G B; by default those of the training pictures,
                  where these have a few exact colours
  --out DIR       writes the files there, else into RUN/evaluation
  --json          prints a JSON object a line, for each direction
  --progress      with --json: and one for each picture, to tell how far it is

Each translation is compared with its true partner, as an 8 or 16 bit picture of its full size; of pictures without one (unpaired
data: of the same name) only the error of the way there and back is known. In unpaired data all translations together are also
compared with all real pictures of their domain (sliced Wasserstein distance). Files: SPLIT-DIRECTION.json, .csv (a row a
picture) and .png (the worst cases: input, translation, truth, difference).`,
  isShared: true,
  options: {
    run: { type: "string" },
    data: { type: "string" },
    split: { type: "string" },
    palette: { type: "string" },
    out: { type: "string" },
    progress: { type: "boolean" },
  },
  async run(given, { output, signal }) {
    rejectPositionals(given.positionals, "evaluate");
    const run = given.value("run");
    if (run === undefined) throw new RevganError("usage", "evaluate needs --run", help);
    const order = {
      run,
      split: splitOf(given),
      data: given.value("data") ?? null,
      palette: given.value("palette") ?? null,
      out: given.value("out") ?? null,
    };
    const evaluations: Evaluation[] = [];
    const listener: EvaluationListener = {
      signal,
      note: (text) => output.note(text),
      warn: (text) => output.warn(text),
      judging: (direction, done, of) => {
        if (given.flag("progress")) output.line({ type: "evaluationProgress", direction, done, of });
        else if (output.isTerminal && !output.json) output.progress(`${direction}: ${done} of ${of}`);
      },
      evaluated: (evaluation) => {
        evaluations.push(evaluation);
        output.line(evaluation.line);
      },
    };
    await withRanks(output, (ranks) => evaluateRun(order, listener, ranks));
    for (const row of evaluationTable(evaluations)) output.result(row);
    if (evaluations.every(({ pairs }) => pairs === 0))
      output.note(
        "No picture has a partner to be compared with: only the distances between all pictures and the errors of the way there and back are known.",
      );
    for (const { files } of evaluations) output.result(`${files}.{json,csv,png}`);
    return 0;
  },
};

function splitOf(given: GivenArguments): EvaluatedSplit {
  const split = given.value("split") ?? "test";
  const known = evaluatedSplits.find((each) => each === split);
  if (known === undefined) throw new RevganError("usage", `--split must be test or val, not ${split}`, help);
  return known;
}
