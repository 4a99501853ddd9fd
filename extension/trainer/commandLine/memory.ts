import { type Config, configProblems } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import type { MemoryLine, MemoryMode } from "../../protocol/lines";
import { inMemoryMode, memoryModesOf, usualDepths } from "../../configuration/networkKind";
import { requiredCase } from "../memoryTheory/memoryBudget";
import { MemoryTheory } from "../memoryTheory/memoryTheory";
import { readNetworkConfiguration } from "../../configuration/readConfiguration";
import { measureStepInProcess, type ProbeWatcher } from "../memoryMeasurement/probeProcess";
import { rejectPositionals } from "./arguments";
import type { Command } from "./command";
import { MemoryTable } from "./memoryTable";

const help = "see `revgan memory --help`";
/** The most depths of one command: each is measured in up to four processes, one after another, and a large depth takes minutes. */
const mostDepths = 32;

/** `revgan memory`. */
export const memory: Command = {
  summary: "measures a training step's memory against depth, beside the theory",
  help: `revgan memory [--config FILE] [--depths 2,4,8,16] [--backprop recompute,checkpoint,store,budget] [--set key=value]… [--json]

  --config FILE   revgan.json; without it the default configuration
  --depths LIST   reversible or residual blocks, by default 2,4,8,16; a U-Net has its own depth alone
  --backprop LIST what the core keeps: recompute (its output), checkpoint (every √n-th block), store (everything), budget (its
                  output, and as many blocks as network.memoryBudget allows); by default all that the network can; a cyclegan
                  or pix2pix can store
  --set key=value overrides a key, for example --set network.width=32; may be repeated
  --json          prints a JSON object a line

Each step is taken on random pictures of data.cropSize, in a process of its own. No data folder is needed. PEAK: the most bytes of
tensors in the step, which THEORY predicts. ACTIVATIONS: those of the peak that are no weights, moments or gradients. LARGEST: the
most activations at any moment of the step, which need not be that of the peak. RESIDENT: the process. Depths that do not fit into
network.memoryBudget are left out of budget.`,
  options: {
    config: { type: "string" },
    depths: { type: "string" },
    backprop: { type: "string" },
    set: { type: "string", multiple: true },
  },
  async run(given, { output, signal }) {
    rejectPositionals(given.positionals, "memory");
    const config = await readNetworkConfiguration({ file: given.value("config"), sets: given.values("set") });
    const depths = depthsOf(config.network, given.value("depths"));
    const modes = modesOf(config.network, given.value("backprop"));
    const cases = depths.flatMap((depth) => modes.map((mode) => ({ depth, mode })));
    // The constructor throws RevganError `config` where the size of the images is not fixed, so that no measurement begins without a
    // prediction.
    new MemoryTheory(config);
    const table = new MemoryTable(output, modes);
    let measured = 0;
    for (const [i, { depth, mode }] of cases.entries()) {
      table.begin(depth, mode, i + 1, cases.length);
      const network = inMemoryMode({ ...config.network, depth }, mode);
      try {
        const line = await measure({ ...config, network }, mode, { signal, engine: table.engine });
        output.line(line);
        table.row(line);
        measured++;
      } catch (error) {
        const isBudgetTooSmall = mode === "budget" && error instanceof RevganError && error.code === "config";
        if (!isBudgetTooSmall || (measured === 0 && i === cases.length - 1)) throw error;
        output.warn(error.message);
      }
    }
    return 0;
  },
};

/** @throws RevganError as {@link measureStepInProcess}; `config` where the step does not fit into its memory budget */
async function measure(config: Config, mode: MemoryMode, watcher: ProbeWatcher): Promise<MemoryLine> {
  const { depth, memoryBudget } = config.network;
  const { engine, ...found } = await measureStepInProcess(config, watcher);
  const theory = new MemoryTheory(config, engine);
  const step = requiredCase(theory, config.network);
  return {
    type: "memory",
    depth,
    backprop: mode,
    ...(memoryBudget !== null && { budget: memoryBudget, storedBlocks: step.storedBlocks }),
    theory: theory.at(step),
    ...found,
  };
}

/** The depths to measure. @throws RevganError `usage` for a depth that this network cannot have, or more than `mostDepths` */
function depthsOf(network: Config["network"], list: string | undefined): readonly number[] {
  if (list === undefined) return usualDepths(network);
  if (network.generator !== "resnet")
    throw new RevganError(
      "usage",
      `--depths ${list}: a ${network.generator} has ${network.depth} levels and no other depth`,
      "leave --depths out",
    );
  const depths = commaSeparated(list).map((word) => {
    const depth = /^\d+$/.test(word) ? Number(word) : word;
    const [problem] = configProblems({ network: { depth } });
    if (typeof depth === "number" && problem === undefined) return depth;
    throw new RevganError("usage", `--depths ${list}: ${problem?.text ?? word}`, "write for example --depths 2,4,8,16");
  });
  if (depths.length > mostDepths)
    throw new RevganError(
      "usage",
      `--depths has ${depths.length} depths, and at most ${mostDepths} are measured`,
      "leave some out",
    );
  return depths;
}

/** The modes to measure. @throws RevganError `usage` naming one that this network does not have */
function modesOf(network: Config["network"], list: string | undefined): readonly MemoryMode[] {
  const possible = memoryModesOf(network);
  if (list === undefined) return possible;
  return commaSeparated(list).map((word) => {
    const known = possible.find((each) => each === word);
    if (known !== undefined) return known;
    const some = possible.length === 1 ? possible[0]! : `some of ${possible.join(", ")}`;
    throw new RevganError(
      "usage",
      `--backprop must be ${some} for a ${network.kind}, not ${word === "" ? "empty" : word}`,
      word === "budget" ? "set network.memoryBudget, or leave budget out" : help,
    );
  });
}

/** The distinct words of a comma-separated list. */
function commaSeparated(list: string): string[] {
  return [...new Set(list.split(",").map((word) => word.trim()))];
}
