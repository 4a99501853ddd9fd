import type { DataLayout } from "../../protocol/trainer";
import { guessLayout } from "../data/dataset/guessLayout";
import { guessMode } from "../../configuration/readConfiguration";
import type { DecoderClient } from "../data/decoder/decoderClient";
import { halfSize } from "../data/sizeProblems";
import { scanDataset, entriesOf, type Source, type Sources, sourcesOf } from "../data/dataset/dataset";
import { sidesOf } from "../data/picture";

/** Files of each domain that are decoded: enough to choose a crop size, few enough for an immediate answer. */
const inspected = 8;

/**
 * What a data folder holds: pictures or volumes, its layout and counts, and the sizes of a few files spread over it. Of two folders of
 * volumes in `train/`, the one with fewer voxels is A: low resolution is more common, and usually the input.
 * @throws RevganError `data` naming what is missing or broken
 */
export async function inspectData(folder: string, decoder: DecoderClient, signal: AbortSignal): Promise<DataLayout> {
  const { kind, folders } = guessLayout(folder);
  const mode = guessMode(entriesOf(folder).map(({ name }) => name));
  const { train } = scanDataset({ path: folder, folders }, mode, kind).splits;
  const sources = sourcesOf(train);
  const found = await inspectSources(sources, kind.sideBySide ? 2 : 3, decoder, signal);
  const isTurned = folders !== null && voxelCount(found.a[0]!) > voxelCount(found.b[0]!);
  const [a, b] = isTurned ? (["b", "a"] as const) : (["a", "b"] as const);
  const channelsOf = (domain: "a" | "b"): number => Math.max(...found[domain].map(({ channels }) => channels));
  return {
    mode,
    kind: train.kind,
    dimensions: kind.sideBySide ? 2 : 3,
    folders: folders === null ? null : { a: folders[a], b: folders[b] },
    channels: { a: channelsOf(a), b: channelsOf(b) },
    a: sources[a].length,
    b: sources[b].length,
    ...sidesRange(found),
    example: { a: sources[a][0]!.file, b: sources[b][0]!.file },
  };
}

/** The sizes and channels of a few files of each domain, spread over it. */
export async function inspectSources(
  sources: Sources,
  dimensions: 2 | 3,
  decoder: DecoderClient,
  signal: AbortSignal,
): Promise<InspectedDomains> {
  const look = async (source: Source): Promise<Inspected> => {
    const intensity = dimensions === 2 ? null : ({ kind: "percentile", low: 0.5, high: 99.5 } as const);
    const info = await decoder.inspect(source.file, signal, intensity);
    return { channels: info.channels, sides: sidesOf(halfSize(source, info)) };
  };
  const found: Record<"a" | "b", Inspected[]> = { a: [], b: [] };
  for (const domain of ["a", "b"] as const)
    for (const source of evenlySpaced(sources[domain])) found[domain].push(await look(source));
  return found;
}

/** The smallest and the largest side of inspected files, axis by axis. */
export function sidesRange({ a, b }: InspectedDomains): Pick<DataLayout, "smallest" | "largest"> {
  const all = [...a, ...b];
  const axes = all[0]!.sides.map((_, axis) => all.map(({ sides }) => sides[axis]!));
  return {
    smallest: axes.map((sides) => Math.min(...sides)),
    largest: axes.map((sides) => Math.max(...sides)),
  };
}

type InspectedDomains = Readonly<Record<"a" | "b", readonly Inspected[]>>;

interface Inspected {
  readonly channels: number;
  readonly sides: readonly number[];
}

function voxelCount({ sides }: Inspected): number {
  return sides.reduce((product, side) => product * side, 1);
}

/** Up to `inspected` sources, evenly spaced. */
function evenlySpaced(sources: readonly Source[]): Source[] {
  const step = Math.max(1, sources.length / inspected);
  return Array.from({ length: Math.min(inspected, sources.length) }, (_, i) => sources[Math.floor(i * step)]!);
}
