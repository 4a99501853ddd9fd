import * as vscode from "vscode";

/** A path in a folder at which nothing exists: `name`, or else `name` with the first free number before its first dot. */
export async function freeFile(folder: vscode.Uri, name: string): Promise<vscode.Uri> {
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? name : name.replace(".", `-${number}.`);
    const file = vscode.Uri.joinPath(folder, numbered);
    if (!(await isThere(file))) return file;
  }
}

/** Whether a file or folder exists at this Uri. */
export async function isThere(file: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}
