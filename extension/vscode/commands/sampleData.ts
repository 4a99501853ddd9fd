import * as vscode from "vscode";
import { join } from "node:path";
import { sampleConfigs } from "../../configuration/sampleConfigs";
import { readConfigFile } from "../../configuration/readConfiguration";
import type { Services } from "./services";
import { startTraining } from "./startTraining";

/** `revgan.trySampleData`: trains on the bundled pictures or volumes, also in an empty window. */
export async function trySampleData(
  services: Services,
  { volumes = false }: { readonly volumes?: boolean } = {},
): Promise<vscode.Uri | undefined> {
  const name = volumes ? "brain-mini" : "nuclei-labels";
  const file = await unpack(services, name);
  return startTraining(
    {
      command: { type: "train", config: file, sets: [] },
      cwd: services.paths.defaultFolder,
      name,
      config: await readConfigFile(file),
    },
    services,
  );
}

/** Copies the files to the global storage: an update deletes the extension's folder. @returns the configuration's path */
async function unpack({ paths: places }: Services, name: keyof typeof sampleConfigs): Promise<string> {
  const folder = vscode.Uri.file(join(places.globalStorage, "samples", name));
  const file = vscode.Uri.joinPath(folder, "revgan.json");
  const isThere = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await vscode.workspace.fs.copy(places.extensionFile("media", "samples", name), folder, { overwrite: true });
    const { data, ...others } = sampleConfigs[name];
    const config = { ...others, data: { path: ".", ...data } };
    // Written last: its existence means that the copy is complete.
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`));
  }
  return file.fsPath;
}
