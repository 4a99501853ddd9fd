import { mkdir } from "node:fs/promises";
import { type EvaluationLine, formatLine } from "../../protocol/lines";
import { writeFileAtomic } from "../../files/atomic";
import { explainingDiskErrors } from "../../files/diskErrors";
import { evaluationPath } from "../../runFolder/evaluation";
import type { DecoderClient } from "../data/decoder/decoderClient";
import { contactSheet } from "./contactSheet";
import type { EvaluatedCase } from "./evaluator";

/**
 * Writes `SPLIT-DIRECTION.json` (the evaluation's line), `.csv` (a row for each picture) and `.png` (the worst cases side by side). Earlier
 * files are replaced.
 * @returns their common path, without the ending
 * @throws RevganError `disk`
 */
export async function writeEvaluation(
  folder: string,
  split: string,
  line: EvaluationLine,
  worst: readonly EvaluatedCase[],
  decoder: DecoderClient,
): Promise<string> {
  const base = evaluationPath(folder, split, line.direction);
  await explainingDiskErrors(folder, undefined, () => mkdir(folder, { recursive: true }));
  await writeFileAtomic(`${base}.json`, formatLine(line));
  await writeFileAtomic(`${base}.csv`, csvOf(line.perImage));
  const sheet = contactSheet(worst);
  if (sheet !== null) await decoder.encode(sheet, `${base}.png`, { overwrite: true });
  return base;
}

/** A CSV table with a column for every key; a cell is empty where the picture has no such value. */
function csvOf(rows: EvaluationLine["perImage"]): string {
  const keys = [...new Set(["name", ...rows.flatMap((row) => Object.keys(row))])];
  return [keys, ...rows.map((row) => keys.map((key) => row[key] ?? ""))]
    .map((cells) => `${cells.map(cellOf).join(",")}\r\n`)
    .join("");
}

/** A value as a CSV cell, quoted as RFC 4180 says. */
function cellOf(value: unknown): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
