import * as vscode from "vscode";
import { join } from "node:path";
import { readConfigFile } from "../runs/configFile";
import type { Services } from "./services";
import { startTraining } from "./startTraining";

/** Networks that learn from the sample data on a laptop, and show something soon. */
const samples = {
  /** Translates in about three minutes. */
  pictures: {
    name: "nuclei-labels",
    config: {
      mode: "paired",
      network: { width: 16, depth: 4, discriminator: { width: 32 } },
      data: { path: ".", loadSize: 72, cropSize: 64 },
      training: { epochs: 1000, maxSteps: 1600, lambdaL1: 300, sampleEvery: 50, checkpointEvery: 200 },
    },
  },
  /** From low to high resolution in about 20 minutes; whole volumes, because instance norms take the brightness of patches away. */
  volumes: {
    name: "brain-mini",
    config: {
      mode: "paired",
      network: { dimensions: 3, inputChannels: 1, outputChannels: 1, width: 8, depth: 1, discriminator: { width: 4 } },
      data: { path: ".", folders: { a: "lr", b: "hr" }, intensity: { kind: "zscore", low: -2, high: 3 }, cropSize: [48, 64, 64] },
      training: { epochs: 40, decayEpochs: 160, learningRate: 0.0015, beta1: 0.9, lambdaL1: 1000, sampleEvery: 70, checkpointEvery: 70 },
    },
  },
};
type Sample = (typeof samples)[keyof typeof samples];

/** `revgan.trySampleData`: trains on the pictures, or volumes, that come with the extension. Works in an empty window, too. */
export async function trySampleData(services: Services, { volumes = false }: { readonly volumes?: boolean } = {}): Promise<vscode.Uri | undefined> {
  const { places } = services;
  const sample = volumes ? samples.volumes : samples.pictures;
  const file = await unpack(services, sample);
  return startTraining({ order: { type: "train", config: file, sets: [] }, cwd: places.base, name: sample.name, config: await readConfigFile(file) }, services);
}

/** Copies the files out of the extension, whose folder goes with its next update. Returns the configuration's path. */
async function unpack({ places }: Services, { name, config }: Sample): Promise<string> {
  const folder = vscode.Uri.file(join(places.home, "samples", name));
  const file = vscode.Uri.joinPath(folder, "revgan.json");
  const isThere = await vscode.workspace.fs.stat(file).then(() => true, () => false);
  if (!isThere) {
    await vscode.workspace.fs.copy(places.own("media", "samples", name), folder, { overwrite: true });
    // Written last: it says that the copy is whole.
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`));
  }
  return file.fsPath;
}
