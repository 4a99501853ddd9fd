import * as vscode from "vscode";
import { hasSlurm } from "../../cluster/slurm";
import type { Disposable } from "../../host/emitter";
import type { RunRegistry } from "../../host/runRegistry";
import { isOver } from "../../host/trainingState";
import type { ExampleRun } from "../exampleRun";

/** Sets the context keys on which the conditions of menus and command palette in `package.json` depend. */
export class ContextKeys {
  private readonly known = new Map<string, unknown>();
  private readonly subscription: Disposable;

  constructor(
    private readonly runs: RunRegistry,
    private readonly example: ExampleRun,
  ) {
    this.subscription = runs.onChange(() => this.update());
    this.set("revgan.hasSlurm", hasSlurm());
    this.update();
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private update(): void {
    const stored = this.runs.store.runs;
    const state = this.runs.trainings?.current?.session?.state;
    this.set("revgan.state", state === undefined || isOver(state) ? "idle" : state.name);
    this.set("revgan.hasRuns", stored.length > 0);
    const actions = new Set(this.runs.list().flatMap((run) => run.actions));
    this.set("revgan.canResumeFromCheckpoint", actions.has("resumeFromCheckpoint"));
    this.set("revgan.canTrainFurther", actions.has("trainFurther"));
    this.set("revgan.canEvaluate", actions.has("evaluate"));
    this.set("revgan.canExport", actions.has("exportRun"));
    this.set("revgan.exampleDeleted", !this.example.isThere);
    this.set("revgan.canTranslatePicture", this.example.isThere || actions.has("translatePicture"));
    this.set("revgan.canTranslate", this.example.isThere || stored.some(({ hasCheckpoint }) => hasCheckpoint));
  }

  private set(key: string, value: unknown): void {
    if (this.known.get(key) === value) return;
    this.known.set(key, value);
    void vscode.commands.executeCommand("setContext", key, value);
  }
}
