import * as vscode from "vscode";
import { join } from "node:path";
import { revganFolder, runsFolder } from "../runFolder/paths";

const exampleName = "nuclei-labels";

/** Paths of the extension's programs, of the workspace's runs, and of the global storage. */
export class ExtensionPaths {
  constructor(private readonly context: Pick<vscode.ExtensionContext, "extensionUri" | "globalStorageUri">) {}

  /** A file or folder in the extension's installation folder. */
  extensionFile(...path: string[]): vscode.Uri {
    return vscode.Uri.joinPath(this.context.extensionUri, ...path);
  }

  /** The path of one of the extension's programs in `dist/`. */
  program(name: "trainer" | "cli"): string {
    return this.extensionFile("dist", `${name}.js`).fsPath;
  }

  /** The extension's folder for data that belong to no workspace: the sample data, and runs of a window without a folder. */
  get globalStorage(): string {
    return this.context.globalStorageUri.fsPath;
  }

  /** The workspace's folders on disk. */
  get workspaceFolders(): readonly string[] {
    return (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === "file")
      .map(({ uri }) => uri.fsPath);
  }

  /** The working folder of commands without a configuration file: the first workspace folder, else the global storage. */
  get defaultFolder(): string {
    return this.workspaceFolders[0] ?? this.globalStorage;
  }

  /**
   * The workspace folder that contains a configuration, below which its runs are written; {@link defaultFolder} for a file outside of the
   * workspace.
   */
  folderFor(file: vscode.Uri): string {
    return vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath ?? this.defaultFolder;
  }

  /** The folders whose subfolders are runs. */
  get runParents(): string[] {
    return [...this.workspaceFolders, this.globalStorage].map(runsFolder);
  }

  /** The example run's folder as installed with the extension. */
  get bundledExample(): vscode.Uri {
    return this.extensionFile("media", "examples", exampleName);
  }

  /** The folder of the example's copy in the global storage. The copy is used, because an update deletes the extension's folder. */
  get exampleRun(): string {
    return join(this.globalStorage, "examples", exampleName);
  }

  /** The folders from which a webview may load pictures of runs. */
  get shownFolders(): string[] {
    return [...this.runParents, this.exampleRun];
  }

  /** The folder of memory measurements, beside the folder of runs. */
  get memoryMeasurements(): string {
    return join(this.defaultFolder, revganFolder, "memory");
  }
}
