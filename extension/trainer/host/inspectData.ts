import type { DataLayout } from "../../protocol/trainer";
import { guessMode } from "../configuration/guessMode";
import type { DecoderClient } from "../data/decoderClient";
import { halfSize } from "../data/fit";
import { scanDataset } from "../data/layout";
import { entriesOf } from "../data/listing";
import { type Source, sourcesOf } from "../data/source";

/** Pictures of each domain that are looked at: enough to choose a crop size, few enough to answer at once. */
const looks = 8;

/**
 * What a data folder holds: its layout and counts, and the sizes of a few pictures spread over it.
 * @throws RevganError `data` naming what is missing or broken
 */
export async function inspectData(folder: string, decoder: DecoderClient, signal: AbortSignal): Promise<DataLayout> {
  const mode = guessMode(entriesOf(folder).map(({ name }) => name));
  const { train } = scanDataset({ path: folder, folders: null }, mode).splits;
  const { a, b } = sourcesOf(train);
  const sizes: { height: number; width: number }[] = [];
  for (const source of [...spread(a), ...spread(b)]) sizes.push(halfSize(source, await decoder.inspect(source.file, signal)));
  const heights = sizes.map(({ height }) => height);
  const widths = sizes.map(({ width }) => width);
  return {
    mode,
    kind: train.kind,
    a: a.length,
    b: b.length,
    smallest: [Math.min(...heights), Math.min(...widths)],
    largest: [Math.max(...heights), Math.max(...widths)],
    example: { a: a[0]!.file, b: b[0]!.file },
  };
}

/** Some of the sources, evenly taken. */
function spread(sources: readonly Source[]): Source[] {
  const step = Math.max(1, sources.length / looks);
  return Array.from({ length: Math.min(looks, sources.length) }, (_, i) => sources[Math.floor(i * step)]!);
}
