import { dirname } from "node:path";
import type { TranslationDirection } from "../../protocol/lines";
import type { FileKind } from "../data/dataset/fileKind";
import { type Mode, type Split, nameOf, type Source, sourcesOf } from "../data/dataset/dataset";
import { matchPairs } from "../data/dataset/pairs";

/** A picture or volume to translate, and its true translation, where it is known. */
export interface Case {
  readonly name: string;
  readonly input: Source;
  readonly truth: Source | null;
}

/** The pictures of a direction, in the order of their names. In unpaired data, files of one name count as pairs. */
export function casesOf(split: Split, mode: Mode, direction: TranslationDirection, kind: FileKind): Case[] {
  const { a, b } = sourcesOf(split);
  const partners =
    split.kind === "aligned" || mode === "paired" ? a.map((one, i) => [one, b[i]!] as const) : namesakes(a, b, kind);
  const [inputs, truths] =
    direction === "AtoB" ? [a, new Map(partners)] : [b, new Map(partners.map(([one, other]) => [other, one]))];
  return inputs.map((input) => ({ name: nameOf(input), input, truth: truths.get(input) ?? null }));
}

function namesakes(a: readonly Source[], b: readonly Source[], kind: FileKind): [Source, Source][] {
  const listing = (sources: readonly Source[]) => ({
    folder: dirname(sources[0]!.file),
    files: sources.map(({ file }) => file),
    problems: [],
  });
  const pairs = matchPairs(listing(a), listing(b), kind);
  const [ofA, ofB] = [a, b].map((sources) => new Map(sources.map((source) => [source.file, source])));
  return pairs.a.map((file, i) => [ofA!.get(file)!, ofB!.get(pairs.b[i]!)!]);
}
