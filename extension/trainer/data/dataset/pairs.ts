import type { FileProblem } from "../decoder/decoderFiles";
import { stemOf, type FileKind } from "./fileKind";

/** A folder and its files of one domain. */
export interface DomainFiles {
  readonly folder: string;
  readonly files: readonly string[];
}

/** Two lists of files: `a[i]` and `b[i]` are a pair. */
export interface Pairs {
  readonly a: string[];
  readonly b: string[];
  /** Files without a partner, and files of one domain that share a name. */
  readonly problems: FileProblem[];
}

/** Pairs the files of two folders by their names without ending, in the order of A's files. */
export function matchPairs(a: DomainFiles, b: DomainFiles, kind: FileKind): Pairs {
  const pairs: Pairs = { a: [], b: [], problems: [] };
  const ofA = byStem(a, kind, pairs.problems);
  const ofB = byStem(b, kind, pairs.problems);
  for (const [stem, file] of ofA) {
    const partner = ofB.get(stem);
    if (partner === undefined) {
      pairs.problems.push(noPartnerProblem(file, stem, b.folder));
    } else {
      pairs.a.push(file);
      pairs.b.push(partner);
    }
  }
  for (const [stem, file] of ofB) if (!ofA.has(stem)) pairs.problems.push(noPartnerProblem(file, stem, a.folder));
  return pairs;
}

function byStem({ files }: DomainFiles, kind: FileKind, problems: FileProblem[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of files) {
    const stem = stemOf(file, kind);
    const first = found.get(stem);
    if (first === undefined) found.set(stem, file);
    else
      problems.push({
        file,
        reason: `has the same name as ${first}, and only one can be the partner`,
        remedy: "rename one of them",
      });
  }
  return found;
}

function noPartnerProblem(file: string, stem: string, folder: string): FileProblem {
  return { file, reason: `has no partner named ${stem} in ${folder}`, remedy: "add its partner, or remove it" };
}
