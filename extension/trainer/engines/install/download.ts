import { mkdir, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { renamePatiently } from "../../../files/patiently";
import { RevganError } from "../../../protocol/errors";
import { sha256OfFile } from "../../../files/checksums";
import { formatBytes } from "../../formatBytes";
import { phaseReporter, type OnProgress } from "./progress";
import { asInstallDiskError, interrupted } from "./installErrors";
import { RangeRefused, TransientFailure, transferOnce } from "./transfer";

/** Timeouts and retries of a download. */
export interface DownloadTimeouts {
  /** Milliseconds until the first byte; after them the host counts as unreachable. */
  firstContactMs: number;
  /** Milliseconds without a byte in the middle of a transfer, after which it is tried again. */
  stallMs: number;
  /** The most consecutive tries without progress; at most three before the host's first answer. */
  tries: number;
  /** Milliseconds between the first two tries; the pause doubles with each further try. */
  pauseMs: number;
}

export const defaultTimeouts: DownloadTimeouts = { firstContactMs: 12_000, stallMs: 30_000, tries: 5, pauseMs: 500 };

export interface DownloadJob {
  url: string;
  /** Path of the finished, checked file; the download grows in `FILE.part` beside it. */
  file: string;
  size: number;
  sha256: string;
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
  timeouts?: DownloadTimeouts;
}

/** Bytes that are still to be downloaded: less than the size when an earlier run was interrupted. */
export async function bytesToCome(job: Pick<DownloadJob, "file" | "size">): Promise<number> {
  const have = Math.max(await sizeOf(job.file), await sizeOf(`${job.file}.part`));
  return Math.max(0, job.size - have);
}

/**
 * Fetches a file and checks its SHA-256. An interrupted transfer continues where it stopped, in this run and, from `FILE.part`, in the next
 * one.
 * @throws RevganError `download` (unreachable, refused, or another hash: the file is then deleted), `disk`, `interrupted`
 */
export async function download(job: DownloadJob): Promise<void> {
  const part = `${job.file}.part`;
  try {
    await mkdir(dirname(job.file), { recursive: true });
    if ((await sizeOf(job.file)) === job.size) await renamePatiently(job.file, part);
    await transfer(job, part);
    await verifyChecksum(job, part);
    await renamePatiently(part, job.file);
  } catch (error) {
    if (job.signal?.aborted === true) throw await interruptedAt(part);
    throw asInstallDiskError(error, job.file);
  }
}

async function transfer(job: DownloadJob, part: string): Promise<void> {
  const timeouts = job.timeouts ?? defaultTimeouts;
  const report = phaseReporter("download", job.size, job.onProgress);
  const began = performance.now();
  const state = { contact: false, failures: 0 };
  for (;;) {
    let from = await sizeOf(part);
    if (from > job.size) {
      await rm(part);
      from = 0;
    }
    report(from);
    if (from === job.size) return;
    const left = timeouts.firstContactMs - (performance.now() - began);
    const onBytes = (bytes: number) => {
      state.contact = true;
      state.failures = 0;
      report(bytes);
    };
    try {
      const answerMs = state.contact ? timeouts.stallMs : Math.max(1000, left);
      await transferOnce({
        url: job.url,
        part,
        from,
        size: job.size,
        answerMs,
        stallMs: timeouts.stallMs,
        signal: job.signal,
        onBytes,
      });
    } catch (error) {
      if (!(error instanceof TransientFailure)) throw error;
      if (error instanceof RangeRefused) await rm(part, { force: true });
      const pause = timeouts.pauseMs * 2 ** state.failures;
      const late = !state.contact && performance.now() - began + pause > timeouts.firstContactMs;
      const tries = state.contact ? timeouts.tries : Math.min(3, timeouts.tries);
      if (++state.failures >= tries || late) throw unreachableError(job, error, state.contact);
      await delay(pause, undefined, job.signal ? { signal: job.signal } : {});
    }
  }
}

async function verifyChecksum(job: DownloadJob, part: string): Promise<void> {
  const found = await sha256OfFile(part, job.signal, phaseReporter("verify", job.size, job.onProgress));
  if (found === job.sha256) return;
  await rm(part, { force: true });
  throw new RevganError(
    "download",
    `${job.url} is not the expected file (SHA-256 ${found.slice(0, 12)}… instead of ${job.sha256.slice(0, 12)}…); it was deleted`,
    "run `revgan engine install` again; if it repeats, the mirror or a proxy changes the file",
  );
}

function unreachableError(job: DownloadJob, cause: TransientFailure, contact: boolean): RevganError {
  const { host } = new URL(job.url);
  const what = contact ? `the download from ${host} broke off` : `${host} cannot be reached`;
  const proxy = process.env["HTTPS_PROXY"] ?? process.env["https_proxy"];
  // Node's fetch supports proxies from version 24 on, and only when NODE_USE_ENV_PROXY is set.
  const hint = proxy === undefined ? "check the network" : "set NODE_USE_ENV_PROXY=1 for the proxy (Node 24)";
  return new RevganError(
    "download",
    `${what} (${cause.message})`,
    `${hint}, name a mirror with REVGAN_PYPI, or fetch ${job.url} elsewhere and run \`revgan engine install --from FILE\``,
    {
      cause,
    },
  );
}

async function interruptedAt(part: string): Promise<RevganError> {
  const have = await sizeOf(part);
  if (have === 0) return interrupted();
  return interrupted(`run \`revgan engine install\` again to go on from ${formatBytes(have)}`);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (file) => file.size,
    () => 0,
  );
}
