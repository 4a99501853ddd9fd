import { RevganError } from "../../protocol/errors";
import { type Launch, launchOf } from "../ranks/launcher";
import { Ranks } from "../ranks/ranks";
import type { Output } from "./output";

/**
 * Does a command's work as one rank of an MPI launch, or alone without a launcher. When one rank fails, its error is thrown on every rank,
 * and rank 0 prints it.
 * @param options `allSpeak`: every rank prints its results; by default only rank 0 does
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
    // Waits for the other ranks, whose work may still fail.
    await ranks.meet();
    return result;
  } catch (error) {
    const told = RevganError.from(await ranks.tellFailure(error), "report this");
    exitCode = told.exitCode;
    if (!ranks.isFirst) output.mute();
    // Rank 0 cannot print a `ranks` error when it is itself the rank that hangs, so the other ranks print it.
    if (told.code === "ranks" && !ranks.isFirst) process.stderr.write(`revgan: ${told.message}; ${told.remedy}\n`);
    throw told;
  } finally {
    await ranks.close(exitCode);
  }
}

/**
 * Connects to the other ranks. Meanwhile SIGTERM and Ctrl-C end the process at once: nothing has to be saved yet, and connecting may wait
 * for another rank without checking the abort signal.
 */
async function connected(launch: Launch): Promise<Ranks> {
  const leave = (): void => process.exit(130);
  process.once("SIGTERM", leave).once("SIGINT", leave);
  try {
    return await Ranks.connect(launch);
  } finally {
    process.off("SIGTERM", leave).off("SIGINT", leave);
  }
}
