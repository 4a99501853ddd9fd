import { assignmentsOf } from "../../configuration/assignments";
import { parseConfig } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import { durationText, english } from "../../protocol/durations";
import type { PlanLine } from "../../protocol/lines";
import { formatBytes } from "../formatBytes";
import { describeNetwork, plan as planOf } from "../planning/plan";
import { shellWord } from "../../processes/shellWord";
import { rejectPositionals } from "./arguments";
import type { Command } from "./command";
import { tableLines } from "./table";

/** `revgan plan`. */
export const plan: Command = {
  summary: "proposes networks for a data set, with the memory and time that they take",
  help: `revgan plan [--config FILE] [--data DIR] [--memory BYTES] [--time SECONDS] [--as-written] [--json]

  --config FILE   revgan.json; its other settings are kept, and the network of one that starts with weights (training.init)
  --data DIR      data folder, instead of the configuration's
  --memory BYTES  the most that a step's tensors may take; by default network.memoryBudget, or the free memory less what the engine
                  takes idle. The best plan uses as much of it as the data allow, and stores as many blocks as fit
  --time SECONDS  the most that a training may take; by default a quick look takes 5 minutes, a balanced plan an hour and the best
                  one a night
  --as-written    estimates the configuration as it is, instead of proposing others
  --json          prints a JSON object a line

Proposes crop, width, depth, backprop and steps for a quick look, a balanced and a best plan. Bytes are exact on TensorFlow; on
WebAssembly up to a tenth more is needed for pictures, and up to twice as much for volumes. Seconds are estimated from a measurement
of this machine, which takes some seconds and is kept for a week (of a busy machine an hour), and
from the steps of runs in .revgan/runs.`,
  options: {
    config: { type: "string" },
    data: { type: "string" },
    memory: { type: "string" },
    time: { type: "string" },
    "as-written": { type: "boolean" },
  },
  async run(given, { output, signal }) {
    rejectPositionals(given.positionals, "plan");
    const [file, data] = [given.value("config"), given.value("data")];
    const request = {
      file,
      data,
      memory: positiveNumber("--memory", given.value("memory")),
      seconds: positiveNumber("--time", given.value("time")),
      asWritten: given.flag("as-written"),
    };
    const { lines, engine, memory, counts } = await planOf(request, {
      signal,
      engine: () => undefined,
      measuring: () =>
        output.note("Measuring how fast this machine computes: this takes some seconds, and is remembered …"),
    });
    output.note(`Engine: ${engine.why}`);
    output.note(`Memory: ${memory.why}`);
    output.note(`Data: ${counts.a} of A, ${counts.b} of B`);
    for (const line of lines) output.line(line);
    output.result(planTable(lines).join("\n"));
    if (!request.asWritten) output.result(`\nTrain the ${lines[0]!.name} one:\n  ${commandFor(lines[0]!, file, data)}`);
    return 0;
  },
};

function planTable(lines: readonly PlanLine[]): string[] {
  const rows = lines.map(
    ({
      name,
      config,
      storedBlocks,
      peakBytes,
      marginBytes = 0,
      residentBytes,
      secondsPerStep,
      steps,
      seconds,
      fits,
    }) => {
      const { network, data, training } = parseConfig(config, "the plan");
      return [
        name,
        describeNetwork(network, data) + (training.batchSize > 1 ? `, ${training.batchSize} a step` : ""),
        network.backprop + (storedBlocks === undefined ? "" : `, ${storedBlocks} of ${network.depth} blocks stored`),
        formatBytes(peakBytes) + (marginBytes > 0 ? ` + up to ${formatBytes(marginBytes)}` : ""),
        formatBytes(residentBytes),
        `${Number(secondsPerStep.toPrecision(2))} s`,
        String(steps),
        `about ${durationText(seconds, english)}`,
        fits ? "yes" : "no",
      ];
    },
  );
  const head = ["PLAN", "NETWORK", "BACKPROP", "PEAK", "RESIDENT", "A STEP", "STEPS", "IN ALL", "FITS"];
  return tableLines([head, ...rows], [{ align: "left" }, { align: "left" }, { align: "left" }, { align: "right" }]);
}

/** The command that trains a plan. */
function commandFor({ config }: PlanLine, file: string | undefined, data: string | undefined): string {
  // The paths of the data are left out, because `--config` or `--data` gives them.
  const sets = assignmentsOf(config)
    .filter(({ key }) => key !== "data.path" && key !== "data.a" && key !== "data.b")
    .map(
      ({ key, value }) => ` --set ${shellWord(`${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)}`,
    );
  const from = [
    ...(file === undefined ? [] : [` --config ${shellWord(file)}`]),
    ...(data === undefined ? [] : [` --data ${shellWord(data)}`]),
  ];
  return `revgan train${from.join("")}${sets.join("")}`;
}

/** Undefined where the option is not given. @throws RevganError `usage` unless the text is a positive number */
function positiveNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?(e\d+)?$/.test(text) ? Number(text) : NaN;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new RevganError("usage", `${option} must be a number above 0, not ${text}`, "see `revgan plan --help`");
}
