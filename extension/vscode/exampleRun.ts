import * as vscode from "vscode";
import { dirname } from "node:path";
import type { RunStore } from "../host/runStore";
import { pathIn } from "../runFolder/paths";
import { readRun, writeRun } from "../runFolder/runFile";
import type { ExtensionPaths } from "./extensionPaths";
import { isThere } from "./freeFile";
import { unpackSample } from "./sampleFiles";

/** Key in the global state: true after the user has deleted the example, which is then never listed again, not even after an update. */
const deletedKey = "revgan.exampleDeleted";
/** Key in the workspace state: true after the example was shown or used in this workspace. */
const exampleListedKey = "revgan.exampleListed";

/**
 * The trained run that comes with the extension, on the sample `nuclei-labels`. A workspace lists it only after it was shown or used there,
 * so that in other workspaces an empty list still means that the user has no runs. A copy of it in the global storage is used, which can be
 * trained further, evaluated and deleted like any run.
 */
export class ExampleRun {
  constructor(
    private readonly places: ExtensionPaths,
    private readonly globalState: vscode.Memento,
    private readonly workspaceState: vscode.Memento,
  ) {}

  /** False after the user has deleted the example. */
  get isThere(): boolean {
    return !this.globalState.get<boolean>(deletedKey, false);
  }

  /** The example's folder if this workspace lists it, else null. */
  get listed(): string | null {
    return this.isThere && this.workspaceState.get<boolean>(exampleListedKey, false) ? this.places.exampleRun : null;
  }

  /** Adds the example to this workspace's list of runs. @returns the example's folder; null when the user has deleted it */
  async list(store: RunStore): Promise<string | null> {
    if (!this.isThere) return null;
    if (!(await isThere(vscode.Uri.file(pathIn(this.places.exampleRun, "run"))))) await this.unpack();
    await this.workspaceState.update(exampleListedKey, true);
    await store.refresh();
    return this.places.exampleRun;
  }

  /** Must be called when the user has deleted the example's folder. */
  async forget(): Promise<void> {
    await this.globalState.update(deletedKey, true);
  }

  /** Copies the example to the global storage: first under a temporary name, so that a folder with the final name is always complete. */
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
