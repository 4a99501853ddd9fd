import * as vscode from "vscode";
import { durationText } from "../../protocol/durations";
import { RevganError } from "../../protocol/errors";
import type { PanelAction, RunSummary } from "../../protocol/panel";
import type { TrainerFailure } from "../../protocol/trainer";
import type { Disposable } from "../../host/emitter";
import type { RunRegistry } from "../../host/runRegistry";
import type { Training, TrainingQueue } from "../../host/trainingQueue";
import type { TrainerSession } from "../../host/trainerSession";
import { noticeText, type Remedy, showError, showNews } from "../notifications";
import type { TrainingPanel } from "./panel";

/** Key in the workspace state: the folder of the run that is being trained. After a reload the window offers to resume it. */
const interruptedKey = "revgan.training";

/**
 * Notifies the user of a training that failed, hangs, or was interrupted by closing its window, and of one that is finished while the panel
 * does not show it.
 */
export class TrainingNotifications {
  private readonly subscriptions: Disposable[];

  constructor(
    private readonly runs: RunRegistry,
    private readonly panel: TrainingPanel,
    private readonly state: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
    trainings: TrainingQueue,
  ) {
    this.subscriptions = [trainings.onStart(({ training, session }) => this.watch(training, session))];
  }

  /** Offers to resume the training that was running when the last window of this workspace was closed. */
  async offerInterrupted(): Promise<void> {
    const run = this.state.get<string>(interruptedKey);
    if (run === undefined) return;
    await this.saveRun(undefined);
    await this.runs.store.refresh();
    const stored = this.runs.store.get(run);
    if (stored?.run == null || stored.run.state === "finished" || stored.run.state === "failed") return;
    const resume = {
      title: vscode.l10n.t("Resume"),
      run: () => vscode.commands.executeCommand("revgan.resumeFromCheckpoint", vscode.Uri.file(run)),
    };
    showNews(vscode.l10n.t("The training of {0} stopped when its window was closed.", stored.name), [
      resume,
      ...this.waysToRun(run),
    ]);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private watch(training: Training, session: TrainerSession): void {
    const subscriptions = [
      session.onWarning((text) => void vscode.window.showWarningMessage(noticeText(text))),
      session.onTrouble((trouble) => void this.askAboutTrouble(training, session, trouble)),
      session.onState(() => {
        if (training.folder !== null) void this.saveRun(training.folder);
      }),
    ];
    void session.over.then(async (state) => {
      for (const subscription of subscriptions) subscription.dispose();
      // The summary is read before anything is awaited, because the run's metrics are released when the training is over.
      const run = this.runs.get(training.id);
      await this.saveRun(undefined);
      if (state.name === "failed" && session.hasStarted) await this.showFailure(training, state.failure);
      const hasTrained = session.started !== null && run !== undefined && run.step > session.started.step;
      if (state.name === "finished" && hasTrained) await this.tellFinished(run);
    });
  }

  private async tellFinished({ id, name, step, seconds }: RunSummary): Promise<void> {
    await this.runs.store.refresh();
    if (this.panel.shows(id)) return;
    const text =
      seconds === null
        ? vscode.l10n.t("{0} is finished at step {1}.", name, step)
        : vscode.l10n.t(
            "{0} is finished at step {1}, after {2} of training.",
            name,
            step,
            durationText(seconds, vscode.l10n),
          );
    showNews(text, this.waysToRun(id));
  }

  /** Buttons to open a run and to translate with it; none if the panel already shows the run. */
  private waysToRun(run: string): Remedy[] {
    if (this.panel.shows(run)) return [];
    const button = (title: string, action: PanelAction): Remedy => ({
      title,
      run: () => vscode.commands.executeCommand(`revgan.${action}`, run),
    });
    const canTranslate = this.runs.get(run)?.actions.includes("translatePicture") === true;
    const isVolumes = this.runs.config(run)?.network.dimensions === 3;
    const translate = isVolumes ? vscode.l10n.t("Translate a Volume…") : vscode.l10n.t("Translate a Picture…");
    return [
      button(vscode.l10n.t("Open"), "openPanel"),
      ...(canTranslate ? [button(translate, "translatePicture")] : []),
    ];
  }

  private async showFailure(training: Training, { code, message, remedy, resumeWith }: TrainerFailure): Promise<void> {
    const error = new RevganError(code, message, remedy);
    this.log.error(error);
    const resume = (title: string, options: { readonly set?: string }): Remedy => ({
      title,
      run: () => vscode.commands.executeCommand("revgan.resumeFromCheckpoint", training.id, options),
    });
    const resumes = [
      // Resuming unchanged is offered where it may succeed: a missing file (`data`) can be put back. A run that diverged or ran out of
      // memory would fail again.
      ...(resumeWith === undefined || code === "data" ? [resume(vscode.l10n.t("Resume from Checkpoint"), {})] : []),
      ...(resumeWith === undefined ? [] : [resume(vscode.l10n.t("Resume with {0}", resumeWith), { set: resumeWith })]),
    ];
    await this.runs.store.refresh();
    const hasCheckpoint = this.runs.store.get(training.id)?.hasCheckpoint === true;
    showError(error, [
      ...(hasCheckpoint ? resumes : []),
      ...this.waysToRun(training.id),
      { title: vscode.l10n.t("Show Log"), run: () => this.log.show() },
    ]);
  }

  private async askAboutTrouble(
    training: Training,
    session: TrainerSession,
    trouble: "silent" | "stuck",
  ): Promise<void> {
    const name = this.runs.get(training.id)?.name ?? training.request.name;
    const text =
      trouble === "silent"
        ? vscode.l10n.t("The trainer of {0} gives no sign of life. The machine may be short of memory.", name)
        : vscode.l10n.t("The trainer of {0} is alive, but its steps take far longer than before.", name);
    const [wait, stop] = [vscode.l10n.t("Wait"), vscode.l10n.t("Stop It")];
    const chosen = await vscode.window.showWarningMessage(text, wait, stop);
    if (chosen === stop) await session.stop();
    else session.wait();
  }

  private async saveRun(run: string | undefined): Promise<void> {
    if (this.state.get(interruptedKey) !== run) await this.state.update(interruptedKey, run);
  }
}
