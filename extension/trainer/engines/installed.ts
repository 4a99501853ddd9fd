import * as z from "zod/mini";
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolders } from "./cacheFolder";
import { tfjsNodeOwnBinding } from "./packages";

/** The content of `engine.json` in an engine's folder. It is written last, so a folder that has it is complete. */
const recordSchema = z.object({
  /** Format 2 added our operations, 3 padding by replication, 4 Winograd's convolutions. */
  format: z.literal(5),
  engine: z.enum(["native", "native-gpu"]),
  /** TensorFlow's version, as the library itself reports it. */
  version: z.string(),
  platform: z.string(),
  arch: z.string(),
  /** The name of the wheel or the folder that the engine was installed from. */
  source: z.string(),
  installedAt: z.string(),
});

export type EngineRecord = z.infer<typeof recordSchema>;

/** An engine that can be loaded. */
export interface LocatedEngine {
  bindingPath: string;
  /** TensorFlow's version; `unknown` for tfjs-node's own binding until it is loaded. */
  version: string;
  /** Who installed the engine: `revgan engine install`, or tfjs-node's install script. */
  source: "revgan" | "tfjs-node";
}

/** The folder's name, for example `native-2.21.0-linux-x64`. */
export function engineFolderName(record: Pick<EngineRecord, "engine" | "version" | "platform" | "arch">): string {
  return `${record.engine}-${record.version}-${record.platform}-${record.arch}`;
}

/** Paths of the cached folders of an engine for this platform, even of incomplete ones, but not of the temporary ones of installations. */
export function engineFolders(engine: EngineRecord["engine"], env: NodeJS.ProcessEnv): string[] {
  const { engines } = cacheFolders(env);
  const mine = (name: string) =>
    /^(native|native-gpu)-\d/.exec(name)?.[1] === engine && name.endsWith(`-${process.platform}-${process.arch}`);
  if (!existsSync(engines)) return [];
  return readdirSync(engines)
    .filter(mine)
    .map((name) => join(engines, name));
}

/** Writes `engine.json`. */
export async function writeRecord(folder: string, record: EngineRecord): Promise<void> {
  await writeFile(join(folder, "engine.json"), `${JSON.stringify(record, null, 2)}\n`);
}

/** Reads `engine.json`; null when it is missing, damaged or of another format. */
export function readRecord(folder: string): EngineRecord | null {
  try {
    const result = recordSchema.safeParse(JSON.parse(readFileSync(join(folder, "engine.json"), "utf8")));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/**
 * Finds an engine: the latest one that `revgan engine install` made. For `native` also the one that tfjs-node's own install script
 * made, or else the GPU build, which computes on the CPU as well. It is only located, not probed.
 */
export function locateEngine(
  engine: EngineRecord["engine"],
  env: NodeJS.ProcessEnv = process.env,
): LocatedEngine | null {
  const installed = latestInstalled(engine, env);
  if (installed !== null || engine === "native-gpu") return installed;
  const own = tfjsNodeOwnBinding();
  return own === null
    ? latestInstalled("native-gpu", env)
    : { bindingPath: own, version: "unknown", source: "tfjs-node" };
}

function latestInstalled(engine: EngineRecord["engine"], env: NodeJS.ProcessEnv): LocatedEngine | null {
  const [first] = engineFolders(engine, env)
    .map((folder) => ({ bindingPath: join(folder, "tfjs_binding.node"), record: readRecord(folder) }))
    .filter(
      (each): each is { bindingPath: string; record: EngineRecord } =>
        each.record !== null && existsSync(each.bindingPath),
    )
    .sort((a, b) => (a.record.installedAt < b.record.installedAt ? 1 : -1));
  return first === undefined
    ? null
    : { bindingPath: first.bindingPath, version: first.record.version, source: "revgan" };
}

/** Addons compiled from native/ into the engine's folder, beside tfjs-node's binding. The binding of tfjs-node's own install lacks them. */
export const addons = { operations: "operations.node", quietStderr: "quietStderr.node" } as const;

/** The path of an addon in an engine's folder; null where it is missing. */
export function addonIn(folder: string, name: keyof typeof addons): string | null {
  const path = join(folder, addons[name]);
  return existsSync(path) ? path : null;
}

/** A C++ source of the addons. In the product native/ lies beside this bundle; from source, beside this folder. */
export function addonSource(
  name: keyof typeof addons | "threads" | "convolutions" | "mpi" | "nodeOnWindows" | "webgpu",
): string {
  const beside = join(import.meta.dirname, "native");
  return join(existsSync(beside) ? beside : join(import.meta.dirname, "..", "native"), `${name}.cc`);
}
