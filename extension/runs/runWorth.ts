import { join } from "node:path";
import { isAbsent, readSmallText, whyUnreadable } from "../disk/limitedRead";
import { comparisonLine } from "../protocol/comparison";
import { RevganError } from "../protocol/errors";
import { type ComparisonLine, longestLine } from "../protocol/lines";
import { parametersOf } from "./costs";
import type { RunHistory } from "./runHistory";
import type { Runs } from "./runs";

/**
 * What a run costs and how good it is, from its folder alone.
 *
 * @param history read as far as it is to be counted
 * @throws RevganError `run` when its `run.json` or its evaluation is damaged
 */
export async function worthOf(runs: Runs, id: string, history: RunHistory): Promise<ComparisonLine> {
  const config = runs.config(id);
  if (config === undefined)
    throw runs.store.get(id)?.problem ?? new RevganError("run", `${id} is gone`, "name another run");
  const { steps, validations } = history;
  const parameters = await parametersOf(config);
  const read = (path: string): Promise<string | null> => readIfThere(join(id, path));
  return comparisonLine({ run: id, config, parameters, steps, validations, read });
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readSmallText(file, longestLine);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw new RevganError("run", `${file} ${whyUnreadable(error)}`, "restore it from a copy", { cause: error });
  }
}
