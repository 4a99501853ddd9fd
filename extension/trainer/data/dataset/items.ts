import { stat } from "node:fs/promises";
import { type Dataset, type Source, sourcesOf, type Split, splitNames } from "./dataset";

/** The files that are checked together: one image, or a pair. */
export interface Item {
  readonly a?: Source;
  readonly b?: Source;
  readonly isTrained: boolean;
}

/**
 * The items of a data set: pairs, or in unpaired data single images of A and B alternately. The `train` split comes first, then the others.
 */
export function* itemsOf({ mode, splits }: Dataset): Generator<Item> {
  for (const name of splitNames) {
    const { a, b } = sourcesOf(splits[name]);
    const isTrained = name === "train";
    const arePairs = mode === "paired" || splits[name]?.kind === "aligned";
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      const [ofA, ofB] = [a[i], b[i]];
      if (arePairs) yield { a: ofA!, b: ofB!, isTrained };
      else {
        if (ofA !== undefined) yield { a: ofA, isTrained };
        if (ofB !== undefined) yield { b: ofB, isTrained };
      }
    }
  }
}

/** The number of files of a split. */
export function fileCount(split: Split | null): number {
  if (split === null) return 0;
  return split.kind === "aligned" ? split.files.length : split.a.length + split.b.length;
}

/** A sequence of items, from which some are taken at a time. */
export class WaitingItems {
  private next: IteratorResult<Item, void>;

  constructor(private readonly items: Iterator<Item, void>) {
    this.next = items.next();
  }

  get isEmpty(): boolean {
    return this.next.done === true;
  }

  /** Takes the next items: as many as stay within `most`, but at least `least` items, or all where fewer are left. */
  async take(most: { readonly files: number; readonly bytes: number }, least: number): Promise<Item[]> {
    const taken: Item[] = [];
    let [files, bytes] = [0, 0];
    while (this.next.done !== true) {
      const names = filesOf(this.next.value);
      files += names.length;
      for (const name of names) bytes += await bytesOf(name);
      if (taken.length >= least && (files > most.files || bytes > most.bytes)) break;
      taken.push(this.next.value);
      this.next = this.items.next();
    }
    return taken;
  }
}

/** The files of an item; a single file where it holds A and B side by side. */
export function filesOf({ a, b }: Item): string[] {
  if (a === undefined) return b === undefined ? [] : [b.file];
  return b === undefined || b.file === a.file ? [a.file] : [a.file, b.file];
}

async function bytesOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
