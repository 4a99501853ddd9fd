import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../files/atomic";
import { explainingDiskErrors } from "../../files/diskErrors";
import { explainEnd } from "../../processes/processEnd";
import { RevganError } from "../../protocol/errors";
import { runProcess } from "../../processes/runProcess";
import { shellWord } from "../../processes/shellWord";

/** A controller that is busy may let `sbatch` wait. */
const timeoutMs = 300_000;

/**
 * Writes the script of a job array into the folder of the runs, where Slurm's output files then lie, too, and submits it.
 * @returns what `sbatch` says
 * @throws RevganError `disk`; `usage` where there is no `sbatch`, or it refuses: the script is there
 */
export async function submit(script: string, runs: string, signal: AbortSignal): Promise<string> {
  const file = join(runs, "sweep.sh");
  await explainingDiskErrors(runs, undefined, () => mkdir(runs, { recursive: true }));
  await writeFileAtomic(file, script);
  const remedy = `submit it where Slurm is: sbatch ${shellWord(file)}`;
  const end = await runProcess("sbatch", [file], { cwd: runs, timeoutMs, signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new RevganError("usage", `sbatch is not on the PATH; the script of the job array is ${file}`, remedy, {
      cause: error,
    });
  });
  if (end.code === 0) return end.stdout;
  const how = end.timedOut ? "did not answer" : explainEnd(end).words;
  throw new RevganError("usage", `sbatch ${how}; the script of the job array is ${file}`, `correct it, or ${remedy}`);
}
