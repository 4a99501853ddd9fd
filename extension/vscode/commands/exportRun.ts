import * as vscode from "vscode";
import { directionsOf } from "../../configuration/networkKind";
import { type TranslationDirection, directions } from "../../protocol/lines";
import type { RunSummary } from "../../protocol/panel";
import { isThere } from "../freeFile";
import { ask, showNews } from "../notifications";
import { withProgress } from "../progress";
import { reveal } from "../reveal";
import { directionLabel } from "../views/runLabels";
import { type RunArgument, runFor } from "./runArgument";
import { runCommand } from "./runCommand";
import type { Services } from "./services";

/** The format to which a run is exported and, for ONNX only, the direction. */
interface ExportKind {
  readonly format: "onnx" | "pytorch" | "tensorboard";
  readonly direction?: TranslationDirection | "both";
}

/** Options for calls by programs. The user is asked for those that are missing. */
export interface ExportOptions extends Partial<ExportKind> {
  /** The file to write; for TensorBoard, the folder. */
  readonly out?: vscode.Uri;
}

/**
 * `revgan.exportRun`: writes a run in a format for other programs. @returns the first file written, or the folder; undefined when the user
 * cancels
 */
export async function exportRun(
  services: Services,
  argument?: RunArgument,
  { format, direction, out }: ExportOptions = {},
): Promise<vscode.Uri | undefined> {
  const run = await runFor(argument, "exportRun", vscode.l10n.t("Export Run"), services);
  if (run === undefined) return undefined;
  const kind: ExportKind | undefined =
    format === undefined ? await chooseKind(services, run) : { format, ...(direction !== undefined && { direction }) };
  if (kind === undefined) return undefined;
  const target = out ?? (await chooseTarget(run, kind));
  if (target === undefined) return undefined;
  const written = writtenTo(target, kind);
  if (out === undefined && kind.direction === "both" && !(await mayReplace(written))) return undefined;
  const args = [
    ...["export", "--run", run.id, "--format", kind.format, "--out", target.fsPath],
    ...(kind.direction === undefined ? [] : ["--direction", kind.direction]),
  ];
  await withProgress(vscode.l10n.t("Exporting {0}", run.name), (_, signal) =>
    runCommand(services, args, { cwd: run.id, signal }),
  );
  const names = written.map(({ fsPath }) => vscode.workspace.asRelativePath(fsPath)).join(", ");
  showNews(vscode.l10n.t("{0} is exported: {1}", run.name, names), [
    { title: vscode.l10n.t("Reveal"), run: () => reveal(written[0]!) },
  ]);
  return written[0];
}

async function chooseKind({ runs }: Services, run: RunSummary): Promise<ExportKind | undefined> {
  const { l10n } = vscode;
  const config = runs.config(run.id);
  const known = config === undefined ? directions : directionsOf(config.network);
  const single = known.map((direction) => ({
    label: l10n.t("ONNX, {0}", directionLabel(direction, config)),
    detail: l10n.t("the network with its weights, for onnxruntime and other programs"),
    writes: { format: "onnx", direction } satisfies ExportKind,
  }));
  const both = {
    label: l10n.t("ONNX, Both Directions"),
    detail: l10n.t("a file for each direction"),
    writes: { format: "onnx", direction: "both" } satisfies ExportKind,
  };
  const items: readonly (vscode.QuickPickItem & { readonly writes: ExportKind })[] = [
    ...(known.length > 1 ? [both] : []),
    ...single,
    {
      label: l10n.t("PyTorch Weights"),
      detail: l10n.t("a safetensors file with the names and shapes of the authors' PyTorch code"),
      writes: { format: "pytorch" },
    },
    {
      label: l10n.t("TensorBoard Events"),
      detail: l10n.t("losses, validations, memory, samples and configuration"),
      writes: { format: "tensorboard" },
    },
  ];
  const placeHolder = l10n.t("What for?");
  return (await vscode.window.showQuickPick(items, { title: l10n.t("Export {0}", run.name), placeHolder }))?.writes;
}

/** Asks for the file or folder to write; undefined when the user chooses none. */
async function chooseTarget({ name }: RunSummary, { format }: ExportKind): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const title = vscode.l10n.t("Export {0}", name);
  if (format === "tensorboard") {
    const options = { title, canSelectFolders: true, canSelectFiles: false, openLabel: vscode.l10n.t("Export Here") };
    return (
      await vscode.window.showOpenDialog({ ...options, ...(folder !== undefined && { defaultUri: folder }) })
    )?.[0];
  }
  const ending = format === "onnx" ? "onnx" : "safetensors";
  const defaultUri = folder && vscode.Uri.joinPath(folder, `${name}.${ending}`);
  return vscode.window.showSaveDialog({ title, ...(defaultUri && { defaultUri }), filters: { [ending]: [ending] } });
}

/**
 * The files or the folder that an export to `target` writes. For both directions, these are two files beside `target`, with the direction
 * in their names.
 */
function writtenTo(target: vscode.Uri, { direction }: ExportKind): vscode.Uri[] {
  if (direction !== "both") return [target];
  const stem = target.path.replace(/\.onnx$/i, "");
  return directions.map((each) => target.with({ path: `${stem}.${each}.onnx` }));
}

/**
 * Asks whether existing files may be replaced. The save dialog has asked only about the file that was named in it, not about the two that
 * are written beside it.
 */
async function mayReplace(files: readonly vscode.Uri[]): Promise<boolean> {
  const there = await Promise.all(files.map(isThere));
  if (!there.includes(true)) return true;
  const names = files.filter((_, i) => there[i]).map(({ fsPath }) => vscode.workspace.asRelativePath(fsPath));
  const question = vscode.l10n.t("Replace what is there?");
  return (await ask(question, names.join("\n"), new Map([[vscode.l10n.t("Replace"), true]]))) ?? false;
}
