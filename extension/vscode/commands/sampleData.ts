import * as vscode from "vscode";
import { join } from "node:path";
import { sampleConfigs } from "../../configuration/sampleConfigs";
import { readConfigFile } from "../../configuration/readConfiguration";
import type { Services } from "./services";
import { startTraining } from "./startTraining";

/** `revgan.trySampleData`: trains on the pictures, or volumes, that come with the extension. Works in an empty window, too. */
export async function trySampleData(
  services: Services,
  { volumes = false }: { readonly volumes?: boolean } = {},
): Promise<vscode.Uri | undefined> {
  const name = volumes ? "brain-mini" : "nuclei-labels";
  const file = await unpack(services, name);
  return startTraining(
    {
      order: { type: "train", config: file, sets: [] },
      cwd: services.places.base,
      name,
      config: await readConfigFile(file),
    },
    services,
  );
}

/** Copies the files out of the extension, whose folder goes with its next update. Returns the configuration's path. */
async function unpack({ places }: Services, name: keyof typeof sampleConfigs): Promise<string> {
  const folder = vscode.Uri.file(join(places.home, "samples", name));
  const file = vscode.Uri.joinPath(folder, "revgan.json");
  const isThere = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await vscode.workspace.fs.copy(places.own("media", "samples", name), folder, { overwrite: true });
    const { data, ...others } = sampleConfigs[name];
    const config = { ...others, data: { path: ".", ...data } };
    // Written last: it says that the copy is whole.
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`));
  }
  return file.fsPath;
}
