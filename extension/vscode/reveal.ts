import * as vscode from "vscode";

/** Shows a file or folder in the explorer, or in the system's file manager if it is outside of the workspace. */
export async function reveal(uri: vscode.Uri): Promise<void> {
  const inside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const command = inside ? "revealInExplorer" : "revealFileInOS";
  // `revealFileInOS` exists in local windows only.
  if ((await vscode.commands.getCommands(true)).includes(command)) {
    await vscode.commands.executeCommand(command, uri);
    return;
  }
  await vscode.env.clipboard.writeText(uri.fsPath);
  void vscode.window.showInformationMessage(vscode.l10n.t("{0} (copied to the clipboard)", uri.fsPath));
}
