import * as vscode from "vscode";

/** A file of this name in a folder, or where there is one, of the first name with a number that is free. */
export async function freeFile(folder: vscode.Uri, name: string): Promise<vscode.Uri> {
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? name : name.replace(".", `-${number}.`);
    const file = vscode.Uri.joinPath(folder, numbered);
    if (!(await isThere(file))) return file;
  }
}

/** Whether there is a file or a folder. */
export async function isThere(file: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}
