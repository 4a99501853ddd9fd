import { WorstCases, worstShown } from "../comparison/worstCases";
import { RevganError } from "../protocol/errors";
import type { EvaluationLine } from "../protocol/lines";
import type { RunEvaluation } from "../protocol/panel";
import { type EvaluationFiles, listEvaluations, readEvaluation } from "./evaluation";

/** The evaluations of a run as read from its folder. In each, `sheet` is a URL relative to the run's folder `evaluation`. */
export interface StoredEvaluations {
  readonly all: readonly RunEvaluation[];
  /** Names and modification times of the files; while they are the same, no file is read again. */
  readonly version: string;
}

/**
 * Reads the evaluations in a run's folder. Damaged ones are left out.
 * @param before what an earlier call returned: returned again while no file has changed
 */
export async function storedEvaluations(
  run: string,
  before: StoredEvaluations | undefined,
): Promise<StoredEvaluations> {
  const files = await listEvaluations(run);
  const version = JSON.stringify(files);
  if (before?.version === version) return before;
  const all = await Promise.all(files.map((each) => readOne(run, each)));
  return { all: all.filter((each) => each !== null), version };
}

async function readOne(run: string, files: EvaluationFiles): Promise<RunEvaluation | null> {
  const line = await readEvaluation(run, files.split, files.direction).catch((error: unknown) => {
    if (error instanceof RevganError) return null;
    throw error;
  });
  if (line === null) return null;
  const { direction, step = null, images } = line;
  const { split, writtenAt, sheet } = files;
  return {
    split,
    direction,
    time: new Date(writtenAt).toISOString(),
    step,
    images,
    metrics: figuresIn(line.metrics),
    worst: worstOf(line),
    // The modification time in the URL makes a browser load the picture again when it has changed under the same name.
    sheet: sheet === null ? null : `${sheet.name}?${Math.floor(sheet.writtenAt)}`,
  };
}

/** The pictures in the rows of the contact sheet. `revgan evaluate` draws the sheet by the same rule. */
function worstOf({ perImage }: EvaluationLine): RunEvaluation["worst"] {
  const worst = new WorstCases<RunEvaluation["worst"][number]>(worstShown);
  for (const { name, ...values } of perImage) {
    const metrics = figuresIn(values);
    worst.add({ name, metrics, columns: columnsOf(metrics) });
  }
  return [...worst.cases];
}

function figuresIn(values: Readonly<Record<string, unknown>>): Record<string, number | null> {
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number | null] => entry[1] === null || typeof entry[1] === "number"),
  );
}

function columnsOf(metrics: Readonly<Record<string, number | null>>): RunEvaluation["worst"][number]["columns"] {
  if (metrics.mae !== undefined) return ["input", "translated", "truth", "difference"];
  return metrics.cycleMae === undefined ? ["input", "translated"] : ["input", "translated", "cycled", "difference"];
}
