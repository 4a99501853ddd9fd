import type { DataLayout } from "../../protocol/trainer";
import type { Source, Sources } from "./dataset/dataset";
import type { DecoderClient } from "./decoder/decoderClient";
import { sidesOf } from "./picture";
import { sizeOfSource } from "./sizeProblems";

/** The most files of each domain that are decoded: enough to choose a crop size, few enough for an immediate answer. */
const inspectedPerDomain = 8;

/** The sizes and channels of a few files of each domain, evenly spaced in its list of files. */
export async function inspectSources(
  sources: Sources,
  dimensions: 2 | 3,
  decoder: DecoderClient,
  signal: AbortSignal,
): Promise<InspectedDomains> {
  const look = async (source: Source): Promise<InspectedFile> => {
    const intensity = dimensions === 2 ? null : ({ kind: "percentile", low: 0.5, high: 99.5 } as const);
    const info = await decoder.inspect(source.file, signal, intensity);
    return { channels: info.channels, sides: sidesOf(sizeOfSource(source, info)) };
  };
  const found: Record<"a" | "b", InspectedFile[]> = { a: [], b: [] };
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

/** A few files of each domain. */
export type InspectedDomains = Readonly<Record<"a" | "b", readonly InspectedFile[]>>;

/** A file's number of channels and its sides, slowest axis first; no pixel values. */
export interface InspectedFile {
  readonly channels: number;
  readonly sides: readonly number[];
}

/** Up to `inspectedPerDomain` sources, evenly spaced. */
function evenlySpaced(sources: readonly Source[]): Source[] {
  const step = Math.max(1, sources.length / inspectedPerDomain);
  return Array.from({ length: Math.min(inspectedPerDomain, sources.length) }, (_, i) => sources[Math.floor(i * step)]!);
}
