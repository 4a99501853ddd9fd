import * as vscode from "vscode";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RevganError } from "../../protocol/errors";
import type { PlanLine } from "../../protocol/lines";
import type { TrainingRequest } from "../../host/trainingQueue";
import { withProgress } from "../progress";
import { durationText } from "../../protocol/durations";
import { megabytes } from "./engines";
import { runCommand } from "./runCommand";
import type { Services } from "./services";
import { startTraining } from "./startTraining";

/** For a training that takes more seconds than this, the user is asked whether to start it. */
const longTraining = 2 * 3600;

/**
 * The most milliseconds that a training waits for its estimate. A machine that is too busy to measure its speed in this time trains without
 * an estimate.
 */
const estimateTimeout = 20_000;

/** The most milliseconds for which an estimate is shown while a training starts. After the first step the panel shows the time left. */
const estimateShownMilliseconds = 20_000;

/** Options of `revgan.plan`. */
export interface PlanOptions {
  /** The most bytes that the tensors of a step may take. */
  readonly memory?: number;
  /** The most seconds that a training may take. */
  readonly time?: number;
}

/** `revgan.plan`: proposes networks for the data of a configuration, with the time and memory that they need on this machine. */
export function plan(services: Services, config: vscode.Uri, { memory, time }: PlanOptions = {}): Promise<PlanLine[]> {
  const limits = [
    ...(memory === undefined ? [] : ["--memory", String(memory)]),
    ...(time === undefined ? [] : ["--time", String(time)]),
  ];
  return withProgress(estimating(), (_, signal) =>
    planLines(services, ["--config", config.fsPath, ...limits], services.paths.folderFor(config), signal),
  );
}

/**
 * As {@link plan}, for a configuration that is not in a file yet.
 * @param folder working folder; earlier runs in it show how fast this machine is
 */
export async function planOf(
  services: Services,
  config: object,
  folder: string,
  signal: AbortSignal,
): Promise<PlanLine[]> {
  const temporary = await mkdtemp(join(tmpdir(), "revgan-plan-"));
  try {
    const file = join(temporary, "revgan.json");
    await writeFile(file, JSON.stringify(config));
    return await planLines(services, ["--config", file], folder, signal);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Starts a training with an estimate of its time and memory, which is shown while it starts. Asks the user first if the training takes
 * hours or more memory than is free.
 *
 * @param file path of the configuration
 * @param onEstimate called with the estimate before the training starts
 * @returns as {@link startTraining}; undefined also when the user cancels the estimate or declines the question
 */
export async function startEstimated(
  services: Services,
  file: string,
  request: TrainingRequest,
  onEstimate: (estimate: PlanLine) => Promise<void> = () => Promise.resolve(),
): Promise<vscode.Uri | undefined> {
  const estimate = await estimateOf(services, file, request);
  if (estimate === "cancelled") return undefined;
  if (estimate === null) return startTraining(request, services);
  if (needsConfirmation(estimate) && !(await confirmsCost(estimate, request.name))) return undefined;
  await onEstimate(estimate);
  const started = startTraining(request, services);
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t("{0}: {1}", request.name, costText(estimate)),
  };
  void vscode.window.withProgress(options, () =>
    Promise.race([
      started.catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, estimateShownMilliseconds)),
    ]),
  );
  return started;
}

/** The estimate of a training; null where it fails, because then the training itself reports the error better. */
async function estimateOf(
  services: Services,
  file: string,
  { cwd }: TrainingRequest,
): Promise<PlanLine | "cancelled" | null> {
  const tooLong = AbortSignal.timeout(estimateTimeout);
  try {
    const args = ["--config", file, "--as-written"];
    const [line] = await withProgress(estimating(), (_, signal) =>
      planLines(services, args, cwd, AbortSignal.any([signal, tooLong])),
    );
    return line ?? null;
  } catch (error) {
    if (error instanceof RevganError && error.code === "interrupted" && !tooLong.aborted) return "cancelled";
    services.log.warn(error instanceof Error ? error.message : String(error));
    return null;
  }
}

function needsConfirmation({ seconds, fits }: PlanLine): boolean {
  return seconds > longTraining || !fits;
}

async function confirmsCost(estimate: PlanLine, name: string): Promise<boolean> {
  const { peakBytes, memoryBytes = 0, fits } = estimate;
  const question = fits
    ? vscode.l10n.t("Training {0} takes about {1} on this machine.", name, durationText(estimate.seconds, vscode.l10n))
    : vscode.l10n.t(
        "A step of {0} needs {1} for its tensors, and {2} are free.",
        name,
        megabytes(peakBytes),
        megabytes(memoryBytes),
      );
  const detail = vscode.l10n.t(
    "It can be stopped at any time and resumed later. New Run… proposes networks that take less.",
  );
  const train = vscode.l10n.t("Train");
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, train)) === train;
}

/** Time and memory of a plan as text: "about 5 min · 30 MB". */
export function costText({ seconds, peakBytes }: PlanLine): string {
  return vscode.l10n.t("about {0} · {1}", durationText(seconds, vscode.l10n), megabytes(peakBytes));
}

function estimating(): string {
  return vscode.l10n.t("Estimating time and memory on this machine");
}

/** Runs `revgan plan` and returns its lines. Throws as {@link runCli}. */
export async function planLines(
  services: Services,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<PlanLine[]> {
  const lines: PlanLine[] = [];
  await runCommand(services, ["plan", ...args], {
    cwd,
    signal,
    onLine: (line) => {
      if (line.type === "plan") lines.push(line);
    },
  });
  return lines;
}
