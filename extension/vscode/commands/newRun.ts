import * as vscode from "vscode";
import { relative, sep } from "node:path";
import type { DataLayout } from "../../protocol/trainer";
import { findDataFolders } from "../../host/findDataFolders";
import { ask, commandRemedy, ErrorWithRemedies } from "../notifications";
import { pickData } from "./pickData";
import type { Services } from "./services";

/** A network size for a purpose. */
interface Preset extends vscode.QuickPickItem {
  readonly side: number;
  readonly width: number;
  readonly depth: number;
}

/** `revgan.newRun`: lets the user choose data, mode and network size, and writes `revgan.json`. @returns its Uri */
export async function newRun(services: Services): Promise<vscode.Uri | undefined> {
  const folder = await chooseWorkspaceFolder();
  if (folder === undefined) return undefined;
  const title = vscode.l10n.t("New Run");
  const data = await pickData(
    services.translations,
    await findDataFolders(folder.uri.fsPath),
    folder.uri.fsPath,
    `${title} (1/3)`,
  );
  if (data === undefined) return undefined;
  const mode = await pickMode(data.layout, `${title} (2/3)`);
  if (mode === undefined) return undefined;
  const preset = await pickPreset(data.layout, `${title} (3/3)`);
  if (preset === undefined) return undefined;
  const file = vscode.Uri.joinPath(folder.uri, "revgan.json");
  const isWanted = await mayWrite(file);
  if (isWanted)
    await vscode.workspace.fs.writeFile(
      file,
      new TextEncoder().encode(configText(pathIn(folder.uri.fsPath, data.folder), data.layout, mode, preset)),
    );
  await vscode.window.showTextDocument(file);
  if (isWanted === undefined) return undefined;
  const train = vscode.l10n.t("Train");
  void vscode.window
    .showInformationMessage(vscode.l10n.t("revgan.json is ready to be trained."), train)
    .then(async (button) => {
      if (button === train) await vscode.commands.executeCommand("revgan.train", file);
    });
  return file;
}

async function chooseWorkspaceFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  if (folders.length === 0) {
    const problem = {
      code: "data",
      message: vscode.l10n.t("no folder is open"),
      remedy: vscode.l10n.t("open the folder that holds your pictures"),
    } as const;
    throw new ErrorWithRemedies(problem, [commandRemedy(vscode.l10n.t("Open Folder"), "vscode.openFolder")]);
  }
  return folders.length === 1
    ? folders[0]
    : vscode.window.showWorkspaceFolderPick({ placeHolder: vscode.l10n.t("Where is revgan.json to be written?") });
}

async function pickMode(layout: DataLayout, title: string): Promise<DataLayout["mode"] | undefined> {
  const unpaired = {
    label: "unpaired",
    detail: vscode.l10n.t("Two kinds of pictures, without partners: photographs and paintings, summer and winter"),
    mode: "unpaired" as const,
  };
  const paired = {
    label: "paired",
    detail: vscode.l10n.t("Each picture of A has its picture of B: of the same name, or side by side in one file"),
    mode: "paired" as const,
  };
  // Aligned files, A and B side by side, are always paired.
  const items =
    layout.kind === "aligned" ? [paired] : layout.mode === "paired" ? [paired, unpaired] : [unpaired, paired];
  return (
    await vscode.window.showQuickPick(items, {
      title,
      placeHolder: vscode.l10n.t("How do the pictures of A and B belong together?"),
    })
  )?.mode;
}

async function pickPreset({ dimensions, smallest }: DataLayout, title: string): Promise<Preset | undefined> {
  const preset = (label: string, detail: string, side: number, filters: number, depth: number): Preset => {
    const tight =
      dimensions === 2 && Math.min(...smallest) < side ? vscode.l10n.t("enlarges your smallest picture") : undefined;
    return {
      label,
      detail,
      description: [
        Array.from({ length: dimensions }, () => side).join(" × "),
        vscode.l10n.t("{0} blocks, width {1}", depth, filters),
        tight,
      ]
        .filter((each) => each !== undefined)
        .join(" · "),
      side,
      width: filters,
      depth,
    };
  };
  const look = vscode.l10n.t("Minutes on a laptop; shows whether the data is right");
  const hours = vscode.l10n.t("Hours on a laptop, or minutes on a GPU");
  const pictures = [
    preset(vscode.l10n.t("Quick look"), look, 64, 16, 4),
    preset(vscode.l10n.t("Balanced"), hours, 128, 32, 6),
    preset(vscode.l10n.t("As in the paper"), vscode.l10n.t("Best with a GPU; days without"), 256, 64, 9),
  ];
  const volumes = [
    preset(vscode.l10n.t("Quick look"), look, 32, 16, 2),
    preset(vscode.l10n.t("Balanced"), hours, 64, 32, 4),
  ];
  return vscode.window.showQuickPick(dimensions === 3 ? volumes : pictures, {
    title,
    placeHolder: vscode.l10n.t("How large is the network to be? Every figure can be changed in the file."),
  });
}

/** False: keep the existing file and open it. Undefined: the user cancelled. */
async function mayWrite(file: vscode.Uri): Promise<boolean | undefined> {
  const isThere = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return true;
  const answers = new Map([
    [vscode.l10n.t("Replace"), true],
    [vscode.l10n.t("Keep and Open It"), false],
  ]);
  return ask(vscode.l10n.t("There is a revgan.json already."), file.fsPath, answers);
}

/** Relative inside the workspace, so that the workspace can be moved. */
function pathIn(folder: string, data: string): string {
  const path = relative(folder, data);
  if (path === "") return ".";
  return path.startsWith("..") ? data : path.split(sep).join("/");
}

function configText(
  path: string,
  { dimensions, folders, channels, largest }: DataLayout,
  mode: DataLayout["mode"],
  { side, width, depth }: Preset,
): string {
  const named = folders === null ? {} : { folders };
  const config = {
    mode,
    network: {
      depth,
      width,
      ...(dimensions === 3 ? { dimensions, inputChannels: channels.a, outputChannels: channels.b } : {}),
    },
    data: {
      path,
      ...named,
      ...(dimensions === 3
        ? { cropSize: largest.map((length) => Math.min(side, length - (length % 2))) }
        : { loadSize: Math.round((side * 1.12) / 2) * 2, cropSize: side }),
    },
    training: { epochs: 100, decayEpochs: 100, sampleEvery: 100, checkpointEvery: 500 },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
