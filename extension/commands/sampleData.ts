import * as vscode from "vscode";
import { join } from "node:path";
import { readConfigFile } from "../runs/configFile";
import { RevganError } from "../protocol/errors";
import type { Services } from "./services";
import { startTraining } from "./startTraining";

const sample = "nuclei-labels";

/** A network that learns to translate these pictures in about three minutes on a laptop, and shows something within seconds. */
const config = {
  mode: "paired",
  network: { width: 16, depth: 4, discriminator: { width: 32 } },
  data: { path: ".", loadSize: 72, cropSize: 64 },
  training: { epochs: 1000, maxSteps: 1600, sampleEvery: 50, checkpointEvery: 200 },
};

/** `revgan.trySampleData`: trains on the pictures that come with the extension. Works in an empty window, too. */
export async function trySampleData(services: Services, { volumes = false }: { readonly volumes?: boolean } = {}): Promise<vscode.Uri | undefined> {
  if (volumes) throw new RevganError("usage", vscode.l10n.t("there are no sample volumes yet"), vscode.l10n.t("use the sample pictures"));
  const { places } = services;
  const file = await unpack(services);
  return startTraining({ order: { type: "train", config: file, sets: [] }, cwd: places.base, name: sample, config: await readConfigFile(file) }, services);
}

/** Copies the pictures out of the extension, whose folder goes with its next update. Returns the configuration's path. */
async function unpack({ places }: Services): Promise<string> {
  const folder = vscode.Uri.file(join(places.home, "samples", sample));
  const file = vscode.Uri.joinPath(folder, "revgan.json");
  const isThere = await vscode.workspace.fs.stat(file).then(() => true, () => false);
  if (!isThere) {
    await vscode.workspace.fs.copy(places.own("media", "samples", sample), folder, { overwrite: true });
    // Written last: it says that the copy is whole.
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`));
  }
  return file.fsPath;
}
