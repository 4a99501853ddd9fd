import * as vscode from "vscode";
import { join } from "node:path";
import { sampleConfigs } from "../configuration/sampleConfigs";
import type { ExtensionPaths } from "./extensionPaths";
import { isThere } from "./freeFile";

/** The name of a sample data set that comes with the extension. */
export type SampleName = keyof typeof sampleConfigs;

/**
 * Copies a sample data set to the global storage, unless it is there already; an update would delete the extension's folder. Writes a
 * configuration beside the data. @returns the configuration's file
 */
export async function unpackSample(places: ExtensionPaths, name: SampleName): Promise<vscode.Uri> {
  const folder = vscode.Uri.file(join(places.globalStorage, "samples", name));
  const file = vscode.Uri.joinPath(folder, "revgan.json");
  if (!(await isThere(file))) {
    await vscode.workspace.fs.copy(places.extensionFile("media", "samples", name), folder, { overwrite: true });
    const { data, ...others } = sampleConfigs[name];
    const config = { ...others, data: { path: ".", ...data } };
    // The configuration is written last, so that its existence means that the copy is complete.
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`));
  }
  return file;
}
