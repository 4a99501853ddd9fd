import { basename, dirname, resolve } from "node:path";
import { shellWord } from "../processes/shellWord";

/** The resources that a job requests; for undefined ones Slurm's defaults hold. */
export interface JobResources {
  readonly partition: string | undefined;
  /** The job's time limit, `HH:MM:SS`. */
  readonly time: string | undefined;
  /** Number of GPUs of each rank, or of each task of a job array. */
  readonly gpus: number | undefined;
  /** Number of cores of each rank, or of each task of a job array. */
  readonly cpus: number | undefined;
}

/**
 * The user's wishes for a training's job; where one is undefined, the existing script is left as it is. 0 GPUs removes the request for
 * GPUs.
 */
export interface JobWishes extends JobResources {
  /** Number of MPI processes that train together. */
  readonly ranks: number | undefined;
  /** Whether the job is put back into the queue when its time limit is reached, to resume the training. */
  readonly requeue: boolean | undefined;
}

/** The absolute paths of the programs that a job starts. */
export interface JobPrograms {
  readonly node: string;
  readonly cli: string;
}

/** How many seconds before its time limit a job is signalled, so that the training can finish its step and write a checkpoint. */
const warning = 180;

/** The `#SBATCH` options for the wishes, in their order in a new script. */
const directives = {
  partition: "partition",
  time: "time",
  ranks: "ntasks",
  cpus: "cpus-per-task",
  gpus: "gpus-per-task",
} as const;

/**
 * The path of the job script for trainings of a configuration: `NAME.slurm.sh` beside the file `NAME.json`; `revgan.slurm.sh` in the
 * working folder without a file.
 */
export function scriptBeside(configFile = "revgan.json"): string {
  return resolve(dirname(configFile), `${basename(configFile, ".json")}.slurm.sh`);
}

/** The wishes that the `#SBATCH` lines of a script express. */
export function wishesOf(script: string): JobWishes {
  const number = (name: string): number | undefined => Number(valueOf(script, name)) || undefined;
  return {
    partition: valueOf(script, directives.partition),
    time: valueOf(script, directives.time),
    ranks: number(directives.ranks),
    cpus: number(directives.cpus),
    gpus: number(directives.gpus),
    requeue: new RegExp(`^#SBATCH --requeue\\b`, "m").test(script),
  };
}

/**
 * The job script of a training. An earlier script is kept except for the lines that `wishes`, `bytesPerRank` and `programs` set, so that
 * the user's own changes stay.
 *
 * @param before the earlier script; null for a new one
 * @param bytesPerRank the memory of a rank; null leaves the script's request unchanged
 */
export function jobScript(
  before: string | null,
  wishes: JobWishes,
  bytesPerRank: number | null,
  programs: JobPrograms,
): string {
  let script = before ?? template(wishes.requeue === true);
  for (const [wish, name] of Object.entries(directives)) {
    const value = wishes[wish as keyof typeof directives];
    if (value !== undefined) script = withDirective(script, name, value === 0 ? null : `=${value}`);
  }
  if (before !== null && wishes.requeue !== undefined)
    script = withDirective(script, wishes.requeue ? "no-requeue" : "requeue", null);
  if (wishes.requeue !== undefined) script = withDirective(script, wishes.requeue ? "requeue" : "no-requeue", "");
  if (bytesPerRank !== null) {
    const { cpus = 1 } = wishesOf(script);
    script = withDirective(script, "mem-per-cpu", `=${Math.ceil(bytesPerRank / cpus / 2 ** 20)}M`);
  }
  // The paths are always set, because an update of VS Code or RevGAN changes them.
  return withVariable(withVariable(script, "node", programs.node), "revgan", programs.cli);
}

function valueOf(script: string, name: string): string | undefined {
  return new RegExp(`^#SBATCH --${name}=(\\S+)`, "m").exec(script)?.[1];
}

/**
 * Sets, adds or removes an `#SBATCH` line. A new line is put after the last one.
 * @param value the text after the option's name; null removes the line
 */
function withDirective(script: string, name: string, value: string | null): string {
  const line = new RegExp(`^#SBATCH --${name}(?=[=\\s]|$).*\\n?`, "m");
  const text = value === null ? "" : `#SBATCH --${name}${value}\n`;
  // Slurm reads `#SBATCH` lines only before the script's first command.
  const [head = ""] = /^(?:(?:#.*)?\n)*/.exec(script) ?? [];
  const body = script.slice(head.length);
  if (line.test(head)) return head.replace(line, () => text) + body;
  const last = [...head.matchAll(/^#SBATCH .*\n/gm)].at(-1);
  const at = last === undefined ? head.indexOf("\n") + 1 : last.index + last[0].length;
  return head.slice(0, at) + text + head.slice(at) + body;
}

function withVariable(script: string, name: string, value: string): string {
  return script.replace(new RegExp(`^${name}=.*$`, "m"), () => `${name}=${shellWord(value)}`);
}

function template(requeue: boolean): string {
  return `#!/bin/sh
# The job of a training: written by RevGAN, and yours to change: modules to load, an account, other programs. RevGAN submits it with the
# run's folder, for a new run as for one that goes on, and changes only the lines that it is asked to, and the paths of the programs.
#   revgan train --config revgan.json --slurm
#   revgan resume RUN --slurm
#SBATCH --job-name=revgan
#SBATCH --ntasks=1
#SBATCH --${requeue ? "requeue" : "no-requeue"}
#SBATCH --open-mode=append
# ${warning} seconds before its time is over the job is told; it then writes a checkpoint.
#SBATCH --signal=B:USR1@${warning}
# --mem-per-cpu: the peak of a rank's tensors, which is counted exactly from the configuration, with what the engine's allocator keeps
# beyond it, and an allowance for its processes.
#SBATCH --mem-per-cpu=0

node=
revgan=
# VS Code's own program runs as Node by this.
export ELECTRON_RUN_AS_NODE=1

# module load …

time_is_over=
trap 'time_is_over=yes; scancel --signal=TERM "$SLURM_JOB_ID"' USR1
# Add --mpi=… where the processes do not see each other: srun --mpi=list.
srun --kill-on-bad-exit=1 "$node" "$revgan" resume "$@" &
training=$!
# A trapped signal ends wait before the training has ended.
while :; do
  wait "$training" && code=0 || code=$?
  kill -0 "$training" 2>/dev/null || break
done
# With --requeue the job waits for its turn again, and goes on from the checkpoint. Slurm then ends this script, perhaps before scontrol has
# returned; 1 is scontrol's refusal.
if [ -n "$time_is_over" ] && [ "$code" -ne 0 ]; then
  scontrol requeue "$SLURM_JOB_ID" 2>/dev/null
  [ "$?" -eq 1 ] || sleep 60
fi
exit "$code"
`;
}
