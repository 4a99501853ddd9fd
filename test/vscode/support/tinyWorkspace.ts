import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tiny, unpairedData } from "../../support/commandLine";
import { noise, writeTree } from "../../support/images";

/** Overrides of `revgan.json` by their path: `{ "training.maxSteps": 3 }`. */
export type Values = Readonly<Record<string, unknown>>;

/** A folder for VS Code to open, with data and the configuration of a network. */
export interface TestWorkspace {
  readonly folder: string;
  /** Path of its `revgan.json`. */
  readonly config: string;
  /** The folder of its data. */
  readonly data: string;
}

/** Trains until it is stopped, for hours on any machine: the epochs of three pictures would end it after 600 steps. */
const endless: Values = { "training.epochs": 10_000_000, "training.maxSteps": 10_000_000 };

/** A network that takes a step in some hundredths of a second without TensorFlow, on noise, and does not end by itself. Who makes it removes it. */
export function tinyWorkspace(values: Values = {}): TestWorkspace {
  const folder = mkdtempSync(join(tmpdir(), "revgan-workspace-"));
  const data = unpairedData(join(folder, "data"));
  return { folder, data, config: writeConfig(folder, { ...tiny, "data.path": "data", ...endless, ...values }) };
}

/** A network on TensorFlow that hears nothing for about half a second at a time, in each term of its objective. Who makes it removes it. */
export function slowWorkspace(values: Values = {}): TestWorkspace {
  const folder = mkdtempSync(join(tmpdir(), "revgan-workspace-"));
  const pictures = ["trainA/1.png", "trainA/2.png", "trainB/1.png"].map((name, seed) => [name, noise(seed, 128, 128)]);
  const data = writeTree(join(folder, "data"), Object.fromEntries(pictures) as Parameters<typeof writeTree>[1]);
  const size = {
    engine: "native",
    "data.path": "data",
    "data.loadSize": null,
    "data.cropSize": 128,
    "network.width": 32,
    "network.depth": 6,
  };
  return { folder, data, config: writeConfig(folder, { ...size, ...endless, ...values }) };
}

export function removeWorkspace({ folder }: TestWorkspace): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Writes a `revgan.json` into a folder and returns its path. */
export function writeConfig(folder: string, values: Values): string {
  writeTree(folder, { "revgan.json": JSON.stringify(nested(values), undefined, 2) });
  return join(folder, "revgan.json");
}

/** The folders of a workspace's runs, the oldest first. */
export function runsOf({ folder }: TestWorkspace): string[] {
  const runs = join(folder, ".revgan", "runs");
  try {
    return readdirSync(runs, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(runs, name))
      .sort();
  } catch {
    // There is none yet.
    return [];
  }
}

interface Tree {
  [key: string]: unknown;
}

/** `{ "a.b": 1 }` as `{ a: { b: 1 } }`. */
function nested(values: Values): Tree {
  const root: Tree = {};
  for (const [path, value] of Object.entries(values)) {
    const keys = path.split(".");
    const parent = keys.slice(0, -1).reduce<Tree>((at, key) => (at[key] ??= {}) as Tree, root);
    parent[keys.at(-1)!] = value;
  }
  return root;
}
