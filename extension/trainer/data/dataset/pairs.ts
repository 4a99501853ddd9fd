import { stemOf, type FileKind } from "./fileKind";
import type { FileProblem, Listing } from "./listing";

/** Two lists of files in which the same place holds a pair. */
export interface Pairs {
  readonly a: string[];
  readonly b: string[];
  readonly problems: FileProblem[];
}

/** Pairs the files of two folders by their names without ending, in the order of A's names. The lonely ones become problems. */
export function matchPairs(a: Listing, b: Listing, kind: FileKind): Pairs {
  const pairs: Pairs = { a: [], b: [], problems: [] };
  const ofA = byStem(a, kind, pairs.problems);
  const ofB = byStem(b, kind, pairs.problems);
  for (const [stem, file] of ofA) {
    const partner = ofB.get(stem);
    if (partner === undefined) {
      pairs.problems.push(lonely(file, stem, b.folder));
    } else {
      pairs.a.push(file);
      pairs.b.push(partner);
    }
  }
  for (const [stem, file] of ofB) if (!ofA.has(stem)) pairs.problems.push(lonely(file, stem, a.folder));
  return pairs;
}

function byStem(listing: Listing, kind: FileKind, problems: FileProblem[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const file of listing.files) {
    const stem = stemOf(file, kind);
    const first = files.get(stem);
    if (first === undefined) files.set(stem, file);
    else
      problems.push({
        file,
        reason: `has the same name as ${first}, and only one can be the partner`,
        remedy: "rename one of them",
      });
  }
  return files;
}

function lonely(file: string, stem: string, folder: string): FileProblem {
  return { file, reason: `has no partner named ${stem} in ${folder}`, remedy: "add its partner, or remove it" };
}
