import { RevganError } from "../../protocol/errors";
import { type Launch, launchOf } from "../ranks/launcher";
import { Ranks } from "../ranks/ranks";
import type { Output } from "./output";

/**
 * Does a command's work as one of the processes that a launcher of MPI started, or alone. A failure of one is thrown on each, and told by
 * the first one.
 * @param options `allSpeak`: each prints its results; else the first one speaks for all
 */
export async function withRanks<T>(
  output: Output,
  work: (ranks: Ranks) => Promise<T>,
  { allSpeak = false } = {},
): Promise<T> {
  const launch = launchOf(process.env);
  if (launch === null) return work(Ranks.alone);
  const ranks = await connected(launch);
  if (!ranks.isFirst && !allSpeak) output.mute();
  let exitCode = 0;
  try {
    const result = await work(ranks);
    // What another rank still has to do may fail.
    await ranks.meet();
    return result;
  } catch (error) {
    const told = RevganError.from(await ranks.tellFailure(error), "report this");
    exitCode = told.exitCode;
    if (!ranks.isFirst) output.mute();
    // The first rank cannot tell that it hangs itself.
    if (told.code === "ranks" && !ranks.isFirst) process.stderr.write(`revgan: ${told.message}; ${told.remedy}\n`);
    throw told;
  } finally {
    await ranks.close(exitCode);
  }
}

/** Until all processes are connected nothing is there to be saved, and a process that another one keeps waiting would hear no signal. */
async function connected(launch: Launch): Promise<Ranks> {
  const leave = (): void => process.exit(130);
  process.once("SIGTERM", leave).once("SIGINT", leave);
  try {
    return await Ranks.connect(launch);
  } finally {
    process.off("SIGTERM", leave).off("SIGINT", leave);
  }
}
