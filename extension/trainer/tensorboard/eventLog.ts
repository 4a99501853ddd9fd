import { mkdir, open, readdir, readFile, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { explainingDiskErrors } from "../../files/diskErrors";
import type { FinishedLine, MetricsLine, SampleLine } from "../../protocol/lines";
import { parseSampleName } from "../../protocol/runFileNames";
import { isAbsent } from "../../files/limitedRead";
import type { Run } from "../../runFolder/runFile";
import { encodeEvent, type EventMessage, type SummaryValue } from "./eventMessages";
import { encodeRecord } from "./eventRecords";
import { sampleSummary, sessionEnd, sessionStart, stepSummary, validationSummary } from "./summaries";
import { linesOfRun } from "./linesOfRun";

/** A line that adds something to an event file. */
export type LoggedLine = MetricsLine | Pick<SampleLine, "type" | "step" | "path"> | Pick<FinishedLine, "type" | "step">;

/**
 * Names of event files that RevGAN writes. They contain the seconds since 1970, because TensorBoard reads a folder's files in the order of
 * their names.
 */
const namePattern = /^events\.out\.tfevents\.(\d{10})\.revgan$/;

/**
 * Writes TensorBoard's event file of a run. The events' times are those of the run's own lines, so that a training and a later export write
 * the same bytes. The owner closes it.
 */
export class EventLog {
  private size = 0;
  /** Time of the latest step, in seconds since 1970. */
  private time: number;

  private constructor(
    private readonly file: string,
    private readonly handle: FileHandle,
    private readonly run: Run,
  ) {
    this.time = Date.parse(run.createdAt) / 1000;
  }

  /**
   * Writes a run's history into a new event file, and removes the files that RevGAN wrote there before: a resumed run repeats steps, which
   * would otherwise occur twice.
   *
   * @param folder the run's folder
   * @param out the folder of the event file
   * @throws RevganError `disk`, and the earlier file stays; `run` when the metrics cannot be read
   */
  static async open(folder: string, run: Run, out: string, warn: (text: string) => void): Promise<EventLog> {
    await explainingDiskErrors(out, undefined, () => mkdir(out, { recursive: true }));
    const older = (await readdir(out)).filter((name) => namePattern.test(name));
    const file = join(out, nameAfter(older));
    const handle = await explainingDiskErrors(file, undefined, () => open(file, "wx"));
    const log = new EventLog(file, handle, run);
    try {
      await log.begin();
      for await (const line of linesOfRun(folder, warn)) await log.append(line);
      await explainingDiskErrors(file, undefined, () => handle.sync());
      for (const name of older) await rm(join(out, name), { force: true });
      return log;
    } catch (error) {
      await handle.close();
      await rm(file, { force: true });
      throw error;
    }
  }

  /** @throws RevganError `disk`; the file then ends with the previous line */
  async append(line: LoggedLine): Promise<void> {
    if (line.type === "step") this.time = secondsOf(line.time) ?? this.time;
    const value = await this.valuesOf(line);
    if (value.length > 0) await this.write([{ wallTime: this.time, step: line.step, summary: { value } }]);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** Writes the format's version, and an event that invalidates the events of older files. */
  private async begin(): Promise<void> {
    const { time: wallTime, run } = this;
    const start = 1;
    await this.write([
      { wallTime, step: 0, fileVersion: "brain.Event:2" },
      { wallTime, step: 0, sessionLog: { status: start } },
      { wallTime, step: 0, summary: { value: [sessionStart(run.config, wallTime)] } },
    ]);
  }

  private async valuesOf(line: LoggedLine): Promise<SummaryValue[]> {
    switch (line.type) {
      case "step":
        return stepSummary(line);
      case "validation":
        return validationSummary(line);
      case "sample":
        return picturesIn(line.path);
      case "finished":
        return [sessionEnd(this.time)];
    }
  }

  private async write(events: readonly EventMessage[]): Promise<void> {
    const bytes = Buffer.concat(events.map((event) => encodeRecord(encodeEvent(event))));
    await explainingDiskErrors(this.file, undefined, async () => {
      try {
        await this.handle.appendFile(bytes);
      } catch (error) {
        // A part of the bytes may have been written: it is cut off again.
        await this.handle.truncate(this.size).catch(() => undefined);
        throw error;
      }
    });
    this.size += bytes.length;
  }
}

/** A name that sorts behind those of older files, even where the clock was set back. */
function nameAfter(older: readonly string[]): string {
  const seconds = older.map((name) => Number(namePattern.exec(name)![1]) + 1);
  const next = Math.max(Math.floor(Date.now() / 1000), ...seconds);
  return `events.out.tfevents.${String(next).padStart(10, "0")}.revgan`;
}

/** A time as seconds since 1970; null for a text that is no time. */
function secondsOf(time: string): number | null {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) ? null : milliseconds / 1000;
}

/** The samples of a step; files that were removed meanwhile are left out. */
async function picturesIn(folder: string): Promise<SummaryValue[]> {
  const names = await readdir(folder).catch(() => []);
  const values: SummaryValue[] = [];
  for (const name of names.sort()) {
    const sample = parseSampleName(name);
    if (sample === null) continue;
    const png = await readFile(join(folder, name)).catch((error: unknown) => {
      if (isAbsent(error)) return null;
      throw error;
    });
    const value = png === null ? null : sampleSummary(sample, png);
    if (value !== null) values.push(value);
  }
  return values;
}
