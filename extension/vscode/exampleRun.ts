import * as vscode from "vscode";
import { dirname } from "node:path";
import type { RunStore } from "../host/runStore";
import { pathIn } from "../runFolder/paths";
import { readRun, writeRun } from "../runFolder/runFile";
import type { ExtensionPaths } from "./extensionPaths";
import { isThere } from "./freeFile";
import { unpackSample } from "./sampleFiles";

/** Global state: the user has deleted the example, which then stays away, also after an update. */
const deletedKey = "revgan.exampleDeleted";
/** Workspace state: the example was looked at or used here. */
const listedKey = "revgan.exampleListed";

/**
 * The trained run that comes with the extension, on the sample `nuclei-labels`. A workspace lists it once it was looked at or used there:
 * elsewhere an empty list still means that the user has no runs. It is read from a copy in the global storage, which may be trained
 * further, evaluated and deleted as any run.
 */
export class ExampleRun {
  constructor(
    private readonly places: ExtensionPaths,
    private readonly globalState: vscode.Memento,
    private readonly workspaceState: vscode.Memento,
  ) {}

  /** Whether the user has not deleted it. */
  get isThere(): boolean {
    return !this.globalState.get<boolean>(deletedKey, false);
  }

  /** Its folder where it is to be listed, else null. */
  get listed(): string | null {
    return this.isThere && this.workspaceState.get<boolean>(listedKey, false) ? this.places.exampleRun : null;
  }

  /** Lists it in this workspace. @returns its folder; null when the user has deleted it */
  async list(store: RunStore): Promise<string | null> {
    if (!this.isThere) return null;
    if (!(await isThere(vscode.Uri.file(pathIn(this.places.exampleRun, "run"))))) await this.unpack();
    await this.workspaceState.update(listedKey, true);
    await store.refresh();
    return this.places.exampleRun;
  }

  /** To be called when its folder was deleted. */
  async forget(): Promise<void> {
    await this.globalState.update(deletedKey, true);
  }

  /** Copies it under another name first, so that a folder of its own name is complete. */
  private async unpack(): Promise<void> {
    const folder = vscode.Uri.file(this.places.exampleRun);
    const copy = folder.with({ path: `${folder.path}.${process.pid}.tmp` });
    const data = dirname((await unpackSample(this.places, "nuclei-labels")).fsPath);
    await vscode.workspace.fs.copy(this.places.bundledExample, copy, { overwrite: true });
    const run = await readRun(copy.fsPath);
    await writeRun(copy.fsPath, { ...run, config: { ...run.config, data: { ...run.config.data, path: data } } });
    await vscode.workspace.fs.rename(copy, folder, { overwrite: true });
  }
}
