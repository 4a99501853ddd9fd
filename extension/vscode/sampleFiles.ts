import * as vscode from "vscode";
import { join } from "node:path";
import { sampleConfigs } from "../configuration/sampleConfigs";
import type { ExtensionPaths } from "./extensionPaths";
import { isThere } from "./freeFile";

/** The data sets that come with the extension. */
export type SampleName = keyof typeof sampleConfigs;

/** Copies a sample to the global storage: an update deletes the extension's folder. @returns the configuration's file, beside the data */
export async function unpackSample(places: ExtensionPaths, name: SampleName): Promise<vscode.Uri> {
  const folder = vscode.Uri.file(join(places.globalStorage, "samples", name));
  const file = vscode.Uri.joinPath(folder, "revgan.json");
  if (!(await isThere(file))) {
    await vscode.workspace.fs.copy(places.extensionFile("media", "samples", name), folder, { overwrite: true });
    const { data, ...others } = sampleConfigs[name];
    const config = { ...others, data: { path: ".", ...data } };
    // Written last: its existence means that the copy is complete.
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`));
  }
  return file;
}
