import { parseConfig } from "../../extension/configuration/config";
import { MemoryTheory } from "../../extension/trainer/memoryTheory/memoryTheory";
import { measureInTurn, ours, type RunningImplementation, startImplementation } from "./implementations";
import { writePictures } from "./pictures";
import type { Report } from "./report";
import { median, medianRatio } from "./statistics";

const workload = { mode: "unpaired", side: 128, width: 32, depth: 6 } as const;
/**
 * As wide as the generators. With the usual 64 filters the peak lies in the discriminators, so that storing four of the blocks would not
 * change the peak.
 */
const discriminatorWidth = 32;
const [warmUps, rounds] = [2, 15];

/**
 * Measures time and bytes of a step for each number of blocks that a memory budget allows to store, and for `store`, all alternately.
 * Each budget is exactly the peak that memory theory predicts for that number of stored blocks.
 */
export async function budget(folder: string): Promise<Report> {
  const { mode, side, width, depth } = workload;
  const network = { width, depth, discriminator: { width: discriminatorWidth } };
  const config = parseConfig({ mode, network, data: { loadSize: side, cropSize: side } }, "the bench's configuration");
  const theory = new MemoryTheory(config, "native");
  const budgets = Array.from(
    { length: depth + 1 },
    (_, storedBlocks) => theory.at({ depth, backprop: "recompute", storedBlocks }).peak,
  );
  const implementations = [
    ...budgets.map((memoryBudget, stored) =>
      ours(`${stored} of ${depth} blocks stored`, { memoryBudget, discriminatorWidth }),
    ),
    ours("store", { backprop: "store", discriminatorWidth }),
  ];
  const pictures = await writePictures(folder, side, 8);
  const running: RunningImplementation[] = [];
  try {
    for (const each of implementations)
      running.push(await startImplementation(each, workload, pictures, "step", warmUps));
    await measureInTurn(running, "step", rounds);
  } finally {
    await Promise.all(running.map(({ worker }) => worker.end()));
  }
  const expected = [...budgets, theory.at({ depth, backprop: "store" }).peak];
  const secondsOf = ({ answers }: RunningImplementation): number[] => answers.map(({ seconds }) => seconds);
  const first = secondsOf(running[0]!);
  const seen = running.map((each, i) => ({
    name: each.name,
    seconds: secondsOf(each),
    ofRecompute: medianRatio(secondsOf(each), first),
    measured: Math.max(...each.answers.map(({ tensors }) => sum(Object.values(tensors!)))),
    theory: expected[i]!,
  }));
  const all = seen[depth]!.ofRecompute;
  const onLine = (stored: number): number => 1 - ((1 - all) * Math.min(stored, depth)) / depth;
  const away = seen.map(({ ofRecompute }, i) => 100 * (ofRecompute / onLine(i) - 1));
  return {
    title: `memory budgets, ${mode}, ${side}², width ${width}, ${depth} blocks, discriminators of width ${discriminatorWidth}`,
    head: [
      "",
      "bytes, measured",
      "by theory",
      `seconds (median of ${rounds})`,
      "least",
      "of recompute (median of the quotients)",
      "straight line from none to all",
      "away from it",
    ],
    rows: seen.map((each, i) => [
      each.name,
      String(each.measured),
      String(each.theory),
      median(each.seconds).toFixed(3),
      Math.min(...each.seconds).toFixed(3),
      each.ofRecompute.toFixed(3),
      onLine(i).toFixed(3),
      `${away[i]!.toFixed(1)}%`,
    ]),
    findings: [
      {
        what: "largest difference of the measured peak from the theory",
        value: Math.max(...seen.map((each) => Math.abs(each.measured - each.theory))),
        unit: "bytes",
        atMost: 0,
      },
      { what: "farthest from the straight line", value: Math.max(...away.map(Math.abs)), unit: "%" },
    ],
    charts: [
      { title: "step", unit: "seconds", bars: seen.map(({ name, seconds }) => ({ name, value: median(seconds) })) },
    ],
    raw: seen,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
