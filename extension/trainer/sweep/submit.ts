import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { callSlurm } from "../../cluster/slurm";
import { writeFileAtomic } from "../../files/atomic";
import { explainingDiskErrors } from "../../files/diskErrors";
import { RevganError } from "../../protocol/errors";
import { shellWord } from "../../processes/shellWord";

/**
 * Writes the script of a job array into the folder of the runs, and submits it there, so that Slurm's output files are written there, too.
 * @returns the output of `sbatch`
 * @throws RevganError `disk`; `usage` where there is no `sbatch`, or it refuses. The script is kept then.
 */
export async function submit(script: string, runs: string, signal: AbortSignal): Promise<string> {
  const file = join(runs, "sweep.sh");
  await explainingDiskErrors(runs, undefined, () => mkdir(runs, { recursive: true }));
  await writeFileAtomic(file, script);
  try {
    return await callSlurm("sbatch", [file], { cwd: runs, signal });
  } catch (error) {
    if (!(error instanceof RevganError)) throw error;
    const message = `${error.message}; the script of the job array is ${file}`;
    throw new RevganError(error.code, message, `submit it where Slurm is: sbatch ${shellWord(file)}`, { cause: error });
  }
}
