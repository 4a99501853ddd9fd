import { existsSync } from "node:fs";
import { join } from "node:path";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import type { Picture } from "../../extension/trainer/data/picture";
import { contactSheet } from "../demo/contactSheet";
import { stepFolder } from "../../extension/runFolder/paths";
import type { Sweep, Values } from "../../extension/trainer/sweep/sweepFile";
import { type Trial, trialsOf } from "../../extension/trainer/sweep/trials";
import { contendersOf, dataSetsOf } from "./contenders";

/** Pictures that every run makes samples of. */
const pictures = 4;

/** Of the pictures. */
const side = 128;

/**
 * Writes `DATA.png` for every data set: what each contender's first seed made of the first validation pictures, A to B. A row a picture:
 * input, truth, then the contenders in their order. Runs that are not on this machine leave the sheet as it is.
 */
export async function writeSheets(sweep: Sweep): Promise<void> {
  const decoder = new DecoderClient();
  try {
    for (const each of dataSetsOf(sweep)) {
      const runs = contendersOf(sweep).map(({ values }) => firstRun(sweep, { ...values, "data.path": each.path }));
      const pictureOf = (run: string, name: string): string => join(stepFolder(run, "samples", stepsOf(sweep)), name);
      if (!runs.every((run) => existsSync(pictureOf(run, "a-translated-0.png")))) continue;
      const rows: Picture[][] = [];
      for (let i = 0; i < pictures; i++) {
        const files = [
          pictureOf(runs[0]!, `a-input-${i}.png`),
          pictureOf(runs[0]!, `a-truth-${i}.png`),
          ...runs.map((run) => pictureOf(run, `a-translated-${i}.png`)),
        ];
        rows.push(await Promise.all(files.map((file) => read(decoder, file))));
      }
      await decoder.encode(
        contactSheet(rows, 1),
        join(import.meta.dirname, "..", "test", "comparison", `${each.name}.png`),
        { overwrite: true },
      );
    }
  } finally {
    decoder.close();
  }
}

/** The run with these values and the first seed. */
function firstRun(sweep: Sweep, values: Values): string {
  const wanted: Values = { ...values, "training.seed": sweep.seeds[0] };
  const isWanted = ({ assignments }: Trial): boolean => assignments.every(({ key, value }) => value === wanted[key]);
  return trialsOf(sweep).find(isWanted)!.folder;
}

/** The last step, which leaves samples. */
function stepsOf({ base }: Sweep): number {
  return (base.value as { readonly training: { readonly maxSteps: number } }).training.maxSteps;
}

async function read(decoder: DecoderClient, file: string): Promise<Picture> {
  const { picture } = await decoder.decode({
    file,
    half: "whole",
    loadSize: { height: side, width: side },
    crop: null,
    multiple: 1,
    flip: false,
    channels: 3,
    alpha: false,
  });
  return picture;
}
