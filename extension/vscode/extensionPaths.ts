import * as vscode from "vscode";
import { join } from "node:path";
import { revganFolder, runsFolder } from "../runFolder/paths";

const exampleName = "nuclei-labels";

/** Paths of the extension's programs, of the workspace's runs, and of the global storage. */
export class ExtensionPaths {
  constructor(private readonly context: Pick<vscode.ExtensionContext, "extensionUri" | "globalStorageUri">) {}

  /** A file of the extension. */
  extensionFile(...path: string[]): vscode.Uri {
    return vscode.Uri.joinPath(this.context.extensionUri, ...path);
  }

  /** One of the programs in `dist/`. */
  program(name: "trainer" | "cli"): string {
    return this.extensionFile("dist", `${name}.js`).fsPath;
  }

  /** For what belongs to no workspace: the sample data, and runs of an empty window. */
  get globalStorage(): string {
    return this.context.globalStorageUri.fsPath;
  }

  /** The workspace's folders on disk. */
  get workspaceFolders(): readonly string[] {
    return (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === "file")
      .map(({ uri }) => uri.fsPath);
  }

  /** Where a training without a configuration file runs: in the first workspace folder, else in the global storage. */
  get defaultFolder(): string {
    return this.workspaceFolders[0] ?? this.globalStorage;
  }

  /** The workspace folder of a file, into which its runs are written. */
  folderFor(file: vscode.Uri): string {
    return vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath ?? this.defaultFolder;
  }

  /** The folders whose subfolders are runs. */
  get runParents(): string[] {
    return [...this.workspaceFolders, this.globalStorage].map(runsFolder);
  }

  /** The trained run that comes with the extension. */
  get bundledExample(): vscode.Uri {
    return this.extensionFile("media", "examples", exampleName);
  }

  /** Its copy, which is used: an update deletes the extension's folder. */
  get exampleRun(): string {
    return join(this.globalStorage, "examples", exampleName);
  }

  /** The folders of runs whose pictures a webview may show. */
  get shownFolders(): string[] {
    return [...this.runParents, this.exampleRun];
  }

  /** Measurements of memory, beside the runs. */
  get memoryMeasurements(): string {
    return join(this.defaultFolder, revganFolder, "memory");
  }
}
