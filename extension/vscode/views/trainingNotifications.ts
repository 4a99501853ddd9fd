import * as vscode from "vscode";
import { RevganError } from "../../protocol/errors";
import type { TrainerFailure } from "../../protocol/trainer";
import type { Disposable } from "../../host/emitter";
import type { RunRegistry } from "../../host/runRegistry";
import type { Training, TrainingQueue } from "../../host/trainingQueue";
import type { TrainerSession } from "../../host/trainerSession";
import { noticeText, showError } from "../notifications";

/** Workspace state: the run in training. After a reload the window offers to resume it. */
const interruptedKey = "revgan.training";

/** Notifies the user of a training that failed, hangs, or was interrupted by closing its window. */
export class TrainingNotifications {
  private readonly subscriptions: Disposable[];

  constructor(
    private readonly runs: RunRegistry,
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
    const resume = vscode.l10n.t("Resume");
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t("The training of {0} stopped when its window was closed.", stored.name),
      resume,
    );
    if (chosen === resume) await vscode.commands.executeCommand("revgan.resumeFromCheckpoint", vscode.Uri.file(run));
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
      await this.saveRun(undefined);
      if (state.name === "failed" && session.hasStarted) this.showFailure(training, state.failure);
    });
  }

  private showFailure(training: Training, { code, message, remedy, resumeWith }: TrainerFailure): void {
    const error = new RevganError(code, message, remedy);
    this.log.error(error);
    const title =
      resumeWith === undefined ? vscode.l10n.t("Resume from Checkpoint") : vscode.l10n.t("Resume with {0}", resumeWith);
    const resume = {
      title,
      run: () =>
        vscode.commands.executeCommand(
          "revgan.resumeFromCheckpoint",
          training.id,
          resumeWith === undefined ? {} : { set: resumeWith },
        ),
    };
    const hasCheckpoint = this.runs.store.get(training.id)?.hasCheckpoint === true;
    showError(error, [
      ...(hasCheckpoint ? [resume] : []),
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
