import * as vscode from "vscode";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import type { MemoryLine } from "../../protocol/lines";
import { memoryModesOf, usualDepths } from "../../configuration/networkKind";
import { readConfigFile } from "../../configuration/readConfiguration";
import { type RunArgument, runFor } from "./runArgument";
import { runCommand } from "./runCommand";
import type { Services } from "./services";

/** `revgan.measureMemory`: measures a training step at several depths. The panel shows each line as it arrives. */
export async function measureMemory(
  services: Services,
  argument?: RunArgument,
  { depths: named }: { readonly depths?: readonly number[] } = {},
): Promise<MemoryLine[]> {
  const subject = await subjectOf(services, argument);
  if (subject === undefined) return [];
  if (subject.run !== null) await services.panel.open(subject.run);
  const stopper = new AbortController();
  const key = subject.run ?? JSON.stringify(subject.config);
  services.measurements.set(key, stopper);
  try {
    const { network } = subject.config;
    const depths = named ?? usualDepths(network);
    return await services.runs.measure(subject.config, depths.length * memoryModesOf(network).length, (onLine) =>
      measure(services, subject.config, named, onLine, stopper.signal),
    );
  } finally {
    services.measurements.delete(key);
  }
}

/** Aborts the measurement of a run. Lines that have arrived are kept. */
export function cancelMeasurement({ measurements }: Services, run: string): void {
  measurements.get(run)?.abort();
}

/** The configuration to measure, and its run (null for a configuration file). Undefined when the user picks none. */
async function subjectOf(
  services: Services,
  argument: RunArgument,
): Promise<{ config: Config; run: string | null } | undefined> {
  if (argument instanceof vscode.Uri && argument.path.endsWith(".json"))
    return { config: await readConfigFile(argument.fsPath), run: null };
  const run = await runFor(argument, "measureMemory", vscode.l10n.t("Measure Memory by Depth"), services);
  if (run === undefined) return undefined;
  const config = services.runs.config(run.id);
  if (config === undefined)
    throw new RevganError("run", run.error?.message ?? run.name, run.error?.remedy ?? vscode.l10n.t("delete this run"));
  return { config, run: run.id };
}

async function measure(
  services: Services,
  config: Config,
  depths: readonly number[] | undefined,
  onMemoryLine: (line: MemoryLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "revgan-memory-"));
  try {
    const file = join(folder, "revgan.json");
    await writeFile(file, JSON.stringify(config));
    const args = ["memory", "--config", file, ...(depths === undefined ? [] : ["--depths", depths.join(",")])];
    await runCommand(services, args, {
      cwd: folder,
      signal,
      onLine: (line) => {
        if (line.type === "memory") onMemoryLine(line);
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
