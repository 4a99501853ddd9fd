import { existsSync } from "node:fs";
import { join } from "node:path";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import type { Picture } from "../../extension/trainer/data/picture";
import { contactSheet } from "../demo/contactSheet";
import { contenders, data, seeds, side } from "./plan";
import { TrialRun } from "./trialRuns";

/** Pictures that every run makes samples of. */
const pictures = 4;

/**
 * Writes `DATA.png` for every data set: what each contender's first seed made of the first validation pictures, A to B. A row a picture:
 * input, truth, then the contenders in their order. Trials whose runs are not on this machine leave the sheet as it is.
 */
export async function writeSheets(cache: string): Promise<void> {
  const decoder = new DecoderClient();
  try {
    for (const each of data) {
      const runs = contenders.map((contender) => new TrialRun({ data: each, contender, seed: seeds[0] }, cache));
      if (!runs.every((run) => existsSync(run.sample("a-translated-0.png")))) continue;
      const rows: Picture[][] = [];
      for (let i = 0; i < pictures; i++) {
        const files = [
          runs[0]!.sample(`a-input-${i}.png`),
          runs[0]!.sample(`a-truth-${i}.png`),
          ...runs.map((run) => run.sample(`a-translated-${i}.png`)),
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
