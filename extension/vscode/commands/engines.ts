import * as vscode from "vscode";
import { deviceText } from "../../protocol/deviceText";
import type { EngineLine, Line } from "../../protocol/lines";
import { installRemedies } from "../../protocol/errors";
import { failureText } from "../notifications";
import { type Report, withProgress } from "../progress";
import { runCommand } from "./runCommand";
import type { Services } from "./services";
import { offerSwitch } from "./switchEngine";

/** Options of the engine commands, for calls by programs; without any, the user is asked. */
export interface EngineOptions {
  readonly gpu?: boolean;
  readonly webgpu?: boolean;
}

/** An engine that can be fetched, in the user's words. */
interface InstallOffer {
  readonly options: EngineOptions;
  /** The hardware on which the engine trains. */
  readonly choice: string;
  readonly action: string;
  readonly detail: string;
}

function installOffer(name: EngineLine["name"]): InstallOffer {
  const { l10n } = vscode;
  if (name === "native-gpu")
    return {
      options: { gpu: true },
      choice: l10n.t("For the NVIDIA GPU"),
      action: l10n.t("Install Engine for the NVIDIA GPU"),
      detail: l10n.t("TensorFlow with CUDA and cuDNN: 2.8 GB to fetch"),
    };
  if (name === "webgpu")
    return {
      options: { webgpu: true },
      choice: l10n.t("For a GPU of Any Maker"),
      action: l10n.t("Install Engine for a GPU of Any Maker"),
      detail: l10n.t("wgpu-native, which works through the GPU's own driver: 3.5 MB to fetch"),
    };
  return {
    options: { gpu: false },
    choice: l10n.t("For the Processor"),
    action: l10n.t("Install Engine for the Processor"),
    detail: l10n.t("TensorFlow, several times faster than WebAssembly: 274 MB to fetch"),
  };
}

/** Those of the given engines that can be installed, in the given order (fastest first). */
export function installOffers(lines: readonly EngineLine[]): (InstallOffer & { readonly line: EngineLine })[] {
  return lines.filter(canInstall).map((line) => ({ ...installOffer(line.name), line }));
}

/**
 * `revgan.installEngine`: downloads and installs an engine; asks which one if several are possible. @returns the lines of the installed
 * engines
 */
export async function installEngine(services: Services, options?: EngineOptions): Promise<EngineLine[]> {
  const isChosen = options?.gpu !== undefined || options?.webgpu !== undefined;
  const chosen = isChosen ? options : await chooseOffer(services);
  if (chosen === undefined) return [];
  const flag = chosen.webgpu === true ? ["--webgpu"] : chosen.gpu === true ? ["--gpu"] : [];
  const library = chosen.webgpu === true ? "wgpu-native" : "TensorFlow";
  const lines = await withProgress(vscode.l10n.t("Installing {0}", library), (report, signal) =>
    runEngineCommand(services, ["install", ...flag], signal, report),
  );
  for (const line of lines) {
    if (line.available && offerSwitch(services, line)) continue;
    if (line.available)
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          "{0} is installed: {1}.",
          line.version ?? line.name,
          deviceText(line.device ?? line.name, vscode.l10n),
        ),
      );
    else
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          "{0} is installed, but does not work here yet: {1}",
          library,
          failureText({ message: line.reason ?? "", remedy: line.remedy ?? "" }),
        ),
      );
  }
  return lines;
}

/**
 * Asks which engine to install; undefined when the user dismisses the question. If there is nothing left to install, returns the
 * processor's engine, whose installation then reports that it is installed already.
 */
async function chooseOffer(services: Services): Promise<EngineOptions | undefined> {
  const offers = installOffers(await engineLines(services));
  if (offers.length === 0) return { gpu: false };
  const items = offers.map(({ choice, detail, options, line }) => ({
    label: choice,
    description: line.gpus?.map(({ name }) => name).join(", ") ?? "",
    detail,
    options,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Install Engine"),
    placeHolder: vscode.l10n.t("What shall it train on? Of several engines the fastest that works is used"),
  });
  return chosen?.options;
}

/** Whether an engine does not work only because it was not downloaded. If it has another reason, its remedy says what to do. */
function canInstall({ name, remedy }: EngineLine): boolean {
  return name !== "wasm" && name !== "mpi" && remedy === installRemedies[name];
}

/** `revgan.removeEngine`: deletes all downloaded engines. */
export async function removeEngine(services: Services): Promise<EngineLine[]> {
  return withProgress(vscode.l10n.t("Removing the engines that were fetched"), (_, signal) =>
    runEngineCommand(services, ["remove"], signal),
  );
}

/** The status of each engine, the fastest first. */
export function engineLines(services: Services): Promise<EngineLine[]> {
  return withProgress(vscode.l10n.t("Looking at the engines"), (_, signal) =>
    runEngineCommand(services, ["status"], signal),
  );
}

async function runEngineCommand(
  services: Services,
  args: readonly string[],
  signal: AbortSignal,
  report?: Report,
): Promise<EngineLine[]> {
  const lines: EngineLine[] = [];
  const onLine = (line: Line): void => {
    // The line of MPI is left out, because a training that VS Code starts is a single process.
    if (line.type === "engine" && line.name !== "mpi") lines.push(line);
    if (line.type === "engineProgress")
      report?.(
        line.bytes,
        line.totalBytes,
        line.totalBytes > 0 ? `${line.phase} ${megabytes(line.bytes)} / ${megabytes(line.totalBytes)}` : line.phase,
      );
  };
  await runCommand(services, ["engine", ...args], { cwd: services.paths.globalStorage, signal, onLine });
  return lines;
}

/** A number of bytes as text, in decimal units: "1.2 GB", "350 MB". */
export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
