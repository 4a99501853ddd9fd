import * as vscode from "vscode";
import { join } from "node:path";
import { revganFolder, runsFolder } from "../runFolder/paths";

/** Where things lie: the programs that come with the extension, the workspace's runs, and what belongs to no workspace. */
export class Places {
  constructor(private readonly context: Pick<vscode.ExtensionContext, "extensionUri" | "globalStorageUri">) {}

  /** A file of the extension. */
  own(...path: string[]): vscode.Uri {
    return vscode.Uri.joinPath(this.context.extensionUri, ...path);
  }

  /** One of the programs in `dist/`. */
  program(name: "trainer" | "cli"): string {
    return this.own("dist", `${name}.js`).fsPath;
  }

  /** A folder for what belongs to no workspace: the sample data, and runs that were begun without one. */
  get home(): string {
    return this.context.globalStorageUri.fsPath;
  }

  /** The workspace's folders on disk. */
  get folders(): readonly string[] {
    return (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === "file")
      .map(({ uri }) => uri.fsPath);
  }

  /** Where a training that belongs to no file is done: in the first folder of the workspace, else at home. */
  get base(): string {
    return this.folders[0] ?? this.home;
  }

  /** Where a file's runs go: into its own workspace folder. */
  baseOf(file: vscode.Uri): string {
    return vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath ?? this.base;
  }

  /** The folders whose subfolders are runs. */
  get runParents(): string[] {
    return [...this.folders, this.home].map(runsFolder);
  }

  /** Measurements of memory, beside the runs. */
  get measurements(): string {
    return join(this.base, revganFolder, "memory");
  }
}
