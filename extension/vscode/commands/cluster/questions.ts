import * as vscode from "vscode";
import { basename } from "node:path";
import { wishesOf } from "../../../cluster/jobScript";
import type { Partition } from "../../../cluster/slurm";
import type { Config } from "../../../configuration/config";
import type { PlanLine } from "../../../protocol/lines";
import { durationText } from "../../../protocol/durations";
import { askTextInStep, chooseInStep, type Step, type StepOutcome } from "../steps";

/** The answers to the questions about a cluster job. */
export interface JobAnswers {
  /** If there is a script already: whether to submit it unchanged (`keep`), or to answer the questions again (`change`). */
  readonly script: "keep" | "change";
  readonly partition: Partition;
  readonly ranks: number;
  readonly gpus: 0 | 1;
  /** The job's time limit, `HH:MM:SS`. */
  readonly time: string;
  readonly end: "submit" | "requeue" | "script";
}

/** The data on which the questions depend. */
export interface JobTopic {
  readonly config: Config;
  /** The path of the job script. */
  readonly file: string;
  /** The text of the existing script; null if there is none. */
  readonly script: string | null;
  readonly partitions: readonly Partition[];
  /** The estimated time and memory of the training on this machine; null where they cannot be estimated. */
  readonly estimate: Promise<PlanLine | null>;
}

/** The unit in which time limits are suggested, and the shortest suggestion, in seconds. */
const leastTime = 15 * 60;

/**
 * The factor between the estimated time and the suggested limit: a single processor core of a cluster is mostly slower than one of this
 * machine.
 */
const reserve = 1.5;

/** The most cores that are requested for a process; with more, trainings on pictures become hardly faster. */
const mostCores = 8;

/** The questions about a cluster job, in their order. */
export function jobQuestions(topic: JobTopic): readonly Step<JobAnswers>[] {
  const before = topic.script === null ? null : wishesOf(topic.script);
  const isChanged = ({ script }: Partial<JobAnswers>): boolean => script !== "keep";
  const ranks = ranksFor(topic.config);
  return [
    { isAsked: () => topic.script !== null, ask: (_, place) => askScript(topic.file, place) },
    {
      isAsked: isChanged,
      ask: async ({ partition: chosen }, place) => {
        const items = topic.partitions.map((each) => ({
          label: each.name,
          description: describe(each),
          partition: each,
        }));
        const wanted = chosen?.name ?? before?.partition;
        const placeholder = vscode.l10n.t("On which part of the cluster?");
        return given(
          await chooseInStep(place, placeholder, items, ({ label }) => label === wanted),
          ({ partition }) => ({
            partition,
          }),
        );
      },
    },
    {
      isAsked: (answers) => isChanged(answers) && ranks.length > 1,
      ask: async ({ ranks: chosen }, place) => {
        const { batchSize } = topic.config.training;
        const items = ranks.map((count) => ({
          label: String(count),
          description: vscode.l10n.t("{0} of the batch's {1} images each", batchSize / count, batchSize),
          count,
        }));
        const wanted = chosen ?? before?.ranks ?? 1;
        const placeholder = vscode.l10n.t("How many processes train together? Each takes its part of every batch.");
        return given(await chooseInStep(place, placeholder, items, ({ count }) => count === wanted), ({ count }) => ({
          ranks: count,
        }));
      },
    },
    {
      isAsked: (answers) => isChanged(answers) && answers.partition?.hasGpus !== false,
      ask: async ({ gpus: chosen }, place) => {
        const items = [
          { label: vscode.l10n.t("A GPU for each process"), gpus: 1 as const },
          { label: vscode.l10n.t("No GPU"), gpus: 0 as const },
        ];
        const wanted = chosen ?? (before === null ? 1 : before.gpus === undefined ? 0 : 1);
        const placeholder = vscode.l10n.t("Which processors?");
        return given(await chooseInStep(place, placeholder, items, ({ gpus }) => gpus === wanted), ({ gpus }) => ({
          gpus,
        }));
      },
    },
    { isAsked: isChanged, ask: (answers, place) => askTime(topic, answers, before?.time, place) },
    { isAsked: isChanged, ask: (_, place) => askEnd(topic.file, before?.requeue === true, place) },
  ];
}

/** The cores to request for each process: the cores of a node divided by the number of processes, at most {@link mostCores}. */
export function coresFor({ cores }: Partition, ranks: number): number {
  return Math.max(1, Math.min(mostCores, Math.floor(cores / Math.min(ranks, cores))));
}

/** The possible numbers of processes: those that divide the batch evenly; only 1 with batch norm. */
function ranksFor({ training: { batchSize }, network }: Config): number[] {
  if (network.norm === "batch") return [1];
  return Array.from({ length: batchSize }, (_, i) => i + 1).filter((count) => batchSize % count === 0);
}

function describe({ nodes, cores, hasGpus, timeLimit, isDefault }: Partition): string {
  return [
    nodes === 1 ? vscode.l10n.t("1 node") : vscode.l10n.t("{0} nodes", nodes),
    cores === 1 ? vscode.l10n.t("1 core each") : vscode.l10n.t("{0} cores each", cores),
    ...(hasGpus ? [vscode.l10n.t("GPUs")] : []),
    ...(timeLimit === null ? [] : [vscode.l10n.t("at most {0}", timeLimit)]),
    ...(isDefault ? [vscode.l10n.t("default")] : []),
  ].join(" · ");
}

async function askScript(file: string, place: Parameters<typeof chooseInStep>[0]): Promise<StepOutcome<JobAnswers>> {
  const name = basename(file);
  const items = [
    {
      label: vscode.l10n.t("Submit {0}", name),
      detail: vscode.l10n.t("As it is, with what was changed in it by hand"),
      script: "keep" as const,
    },
    {
      label: vscode.l10n.t("Answer the Questions Anew"),
      detail: vscode.l10n.t("Changes the answers' lines in {0}, and keeps the others", name),
      script: "change" as const,
    },
  ];
  const placeholder = vscode.l10n.t("There is a script for this configuration already.");
  return given(await chooseInStep(place, placeholder, items), ({ script }) => ({ script }));
}

async function askTime(
  { estimate }: JobTopic,
  { ranks = 1, time: chosen }: Partial<JobAnswers>,
  before: string | undefined,
  place: Parameters<typeof chooseInStep>[0],
): Promise<StepOutcome<JobAnswers>> {
  const what = vscode.l10n.t("For how long at most? Shorter jobs often begin sooner.");
  const suggestion = estimate.then((line) => {
    const value = chosen ?? before ?? (line === null ? "08:00:00" : timeText(suggestedSeconds(line.seconds, ranks)));
    if (line === null) return { value, prompt: what };
    const here = durationText(line.seconds, vscode.l10n);
    const estimated = vscode.l10n.t("On this machine, in one process, the training takes about {0}.", here);
    return { value, prompt: `${what} ${estimated}` };
  });
  const answer = await askTextInStep(place, {
    prompt: vscode.l10n.t("{0} Estimating…", what),
    suggestion,
    placeholder: "HH:MM:SS",
    problemOf: (text) =>
      /^\d{1,4}:[0-5]\d:[0-5]\d$/.test(text) && !/^[0:]*$/.test(text)
        ? undefined
        : vscode.l10n.t("Hours, minutes and seconds, as 08:00:00"),
  });
  return given(answer, ({ text }) => ({ time: text }));
}

/** The suggested time limit: the estimate times {@link reserve}, divided among the processes, rounded up to quarters of an hour. */
function suggestedSeconds(seconds: number, ranks: number): number {
  return Math.max(1, Math.ceil((seconds * reserve) / ranks / leastTime)) * leastTime;
}

function timeText(seconds: number): string {
  const pad = (n: number): string => String(n).padStart(2, "0");
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:00`;
}

async function askEnd(
  file: string,
  isRequeued: boolean,
  place: Parameters<typeof chooseInStep>[0],
): Promise<StepOutcome<JobAnswers>> {
  const items = [
    {
      label: vscode.l10n.t("Submit"),
      detail: vscode.l10n.t("When its time is over, a checkpoint is written, and Resume goes on from it"),
      end: "submit" as const,
    },
    {
      label: vscode.l10n.t("Submit, and Go On by Itself"),
      detail: vscode.l10n.t("When its time is over, it waits for its turn again and goes on from its checkpoint"),
      end: "requeue" as const,
    },
    {
      label: vscode.l10n.t("Write the Script Only"),
      detail: vscode.l10n.t("Opens {0}, to be changed: modules, an account", basename(file)),
      end: "script" as const,
    },
  ];
  const placeholder = vscode.l10n.t("What is to be done?");
  const wanted = isRequeued ? "requeue" : "submit";
  return given(await chooseInStep(place, placeholder, items, ({ end }) => end === wanted), ({ end }) => ({ end }));
}

function given<Item extends object>(
  chosen: Item | "back" | undefined,
  answer: (item: Item) => Partial<JobAnswers>,
): StepOutcome<JobAnswers> {
  return chosen === undefined || chosen === "back" ? chosen : answer(chosen);
}
