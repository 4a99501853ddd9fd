import { rm } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { type JobWishes, jobScript, scriptBeside, wishesOf } from "../../cluster/jobScript";
import { cancelWaiting, releaseJob, submitHeld } from "../../cluster/slurm";
import { requireNoJob } from "../../cluster/slurmJobs";
import { mergeResume } from "../../configuration/assignments";
import type { Config } from "../../configuration/config";
import { dataLocation, foldersOf } from "../../configuration/dataLocation";
import { writeFileAtomic } from "../../files/atomic";
import { readIfThere, whyUnreadable } from "../../files/limitedRead";
import { bundlePath } from "../../processes/bundlePath";
import { RevganError } from "../../protocol/errors";
import { acquireLock } from "../../runFolder/lock";
import { createRunFolder } from "../../runFolder/newRunFolder";
import { pathIn } from "../../runFolder/paths";
import { readRun, type Run, writeRun } from "../../runFolder/runFile";
import { requireTrainable } from "../planning/beforeTraining";
import { ownPart, requireSharable } from "../ranks/start";
import { version } from "../version";
import { jobBytes } from "./jobMemory";

/** A training that was given to Slurm's queue. */
export interface Submitted {
  /** The run's folder. */
  readonly run: string;
  /** Path of the job script that was submitted. */
  readonly script: string;
  readonly job: string;
}

/** A new training for a cluster. */
export interface NewJob {
  /** Its data paths are absolute. */
  readonly config: Config;
  /** Path of the configuration's file; undefined where it came from no file. */
  readonly configFile: string | undefined;
  readonly wishes: JobWishes;
}

/**
 * Writes a training's job script beside its configuration file. In an existing script only the requested resources are changed.
 *
 * @returns the script's path and content
 * @throws RevganError `config` or `data` for a training that cannot begin, `disk`
 */
export async function writeScript({ config, configFile, wishes }: NewJob): Promise<{ file: string; script: string }> {
  requireTrainable(config);
  const file = scriptBeside(configFile);
  const before = await readScript(file);
  const script = scriptFor(config, before, wishes);
  if (script !== before) await writeFileAtomic(file, script);
  return { file, script };
}

/**
 * Makes a run that waits in Slurm's queue: its folder, with a copy of the script that was submitted, and `run.json`, from which the job
 * takes the configuration.
 *
 * @param folder a new or empty folder; null for one under `.revgan/runs`
 * @throws RevganError as {@link writeScript}; `run`; `usage` where Slurm refuses the job. The run's folder is then removed.
 */
export async function submitNew(job: NewJob, folder: string | null, signal: AbortSignal): Promise<Submitted> {
  const { config } = job;
  const { script } = await writeScript(job);
  const dataFolders = foldersOf(dataLocation(config.data)!);
  const run = await createRunFolder({ run: folder ?? undefined, dataFolders });
  const now = new Date().toISOString();
  const content: Run = {
    format: 1,
    name: basename(run),
    config,
    engine: null,
    versions: { revgan: version },
    seed: config.training.seed,
    state: "queued",
    step: 0,
    best: null,
    createdAt: now,
    updatedAt: now,
    error: null,
  };
  try {
    return await submit({ run, script, content, sets: [] }, signal);
  } catch (error) {
    await rm(run, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Submits a run again, with its earlier job script; a run that was trained without Slurm gets a new script.
 *
 * @param sets the `key=value` assignments of `revgan resume --set`
 * @throws RevganError `run`; `locked` while the run is trained or waits in the queue; `usage` where Slurm refuses the job. The run is then
 * unchanged.
 */
export async function submitAgain(
  folder: string,
  { sets, wishes }: { readonly sets: readonly string[]; readonly wishes: JobWishes },
  signal: AbortSignal,
): Promise<Submitted> {
  const run = resolve(folder);
  const lock = await acquireLock(run);
  try {
    const before = await readRun(run);
    if (before.cluster !== undefined) await requireNoJob(run, before.cluster.job);
    const config = mergeResume(before.config, sets);
    requireTrainable(config);
    const earlier = await readScript(pathIn(run, "jobScript"));
    const script = scriptFor(config, earlier, wishes);
    const content: Run = { ...before, state: "queued", error: null, updatedAt: new Date().toISOString() };
    try {
      return await submit({ run, script, content, sets }, signal, () => lock.release());
    } catch (error) {
      await writeRun(run, before);
      throw error;
    }
  } finally {
    await lock.release();
  }
}

/** Submits the job on hold, and releases it after `run.json` names it, so that this process and the job never write that file at once. */
async function submit(
  {
    run,
    script,
    content,
    sets,
  }: { readonly run: string; readonly script: string; readonly content: Run; readonly sets: readonly string[] },
  signal: AbortSignal,
  beforeRelease: () => Promise<void> = () => Promise.resolve(),
): Promise<Submitted> {
  const file = pathIn(run, "jobScript");
  await writeFileAtomic(file, script);
  await writeRun(run, content);
  const args = [`--job-name=${content.name}`, `--output=${join(run, "slurm-%j.out")}`, file, run];
  const more = sets.flatMap((set) => ["--set", set]);
  const job = await submitHeld([...args, ...more], { cwd: process.cwd(), signal });
  try {
    await writeRun(run, { ...content, cluster: { kind: "slurm", job } });
    await beforeRelease();
    await releaseJob(job);
  } catch (error) {
    await cancelWaiting(job);
    throw error;
  }
  return { run, script: file, job };
}

/** @throws RevganError `config` where the batch cannot be divided among that many ranks */
function scriptFor(config: Config, before: string | null, wishes: JobWishes): string {
  const earlier = before === null ? null : wishesOf(before);
  const size = wishes.ranks ?? earlier?.ranks ?? 1;
  requireSharable(config, { size });
  const isAsBefore = before !== null && Object.values(wishes).every((wish) => wish === undefined);
  const onGpu = (wishes.gpus ?? earlier?.gpus ?? 0) > 0;
  const bytes = isAsBefore ? null : jobBytes([ownPart(config, { size })], onGpu);
  return jobScript(before, wishes, bytes, { node: process.execPath, cli: resolve(bundlePath("cli.js")) });
}

/** The script's text; null where there is no such file. @throws RevganError `disk` */
async function readScript(file: string): Promise<string | null> {
  try {
    return (await readIfThere(file)) ?? null;
  } catch (cause) {
    throw new RevganError("disk", `${file} ${whyUnreadable(cause)}`, "move it away: a new one is then written", {
      cause,
    });
  }
}
