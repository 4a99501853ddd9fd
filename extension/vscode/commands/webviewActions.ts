import * as vscode from "vscode";
import { join } from "node:path";
import type { WebviewAction } from "../../host/panelFeed";
import { generalActions } from "../../host/runRegistry";
import type { PanelAction } from "../../protocol/panel";
import { stepName } from "../../protocol/runFileNames";
import { stepFolder } from "../../runFolder/paths";
import { cancelMeasurement } from "./measureMemory";
import { newRunAtDepth } from "./newRunAtDepth";
import type { Services } from "./services";

/** Carries out an action of a webview. */
export async function performAction(services: Services, message: WebviewAction): Promise<void> {
  switch (message.type) {
    case "act":
      await act(services, message.action, message.run);
      break;
    case "newRunAtDepth":
      await newRunAtDepth(services, message.run, message.depth);
      break;
    case "save":
      await save(services, message.name, Buffer.from(message.base64, "base64"));
      break;
    case "saveSample": {
      // Only pictures of known runs are read. The schema of the message has checked the picture's name, so no other file can be read.
      if (services.runs.get(message.run) === undefined) return;
      const file = vscode.Uri.file(join(stepFolder(message.run, "samples", message.step), message.picture));
      await save(services, `${stepName(message.step)}-${message.picture}`, await vscode.workspace.fs.readFile(file));
      break;
    }
  }
}

/** Runs the command of an action, so that the page's buttons and the command palette do the same. */
async function act(services: Services, action: PanelAction, run: string | null): Promise<void> {
  if (action === "cancelMeasurement") {
    if (run !== null) cancelMeasurement(services, run);
    return;
  }
  const forRun = run !== null && !generalActions.some((each) => each === action);
  await vscode.commands.executeCommand(`revgan.${action}`, ...(forRun ? [run] : []));
}

async function save({ paths: places }: Services, name: string, content: Uint8Array): Promise<void> {
  const uri = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(join(places.defaultFolder, name)) });
  if (uri !== undefined) await vscode.workspace.fs.writeFile(uri, content);
}
