import type * as vscode from "vscode";
import { type ClusterOptions, trainOnCluster } from "./cluster/trainOnCluster";
import { compareRuns } from "./compareRuns";
import { evaluate } from "./evaluate";
import { exportRun } from "./exportRun";
import { measureMemory } from "./measureMemory";
import { doctor } from "./doctor";
import { chooseGpu } from "./chooseGpu";
import { installEngine, removeEngine } from "./engines";
import { plan } from "./estimates";
import { newRun } from "./newRun/newRun";
import { newRunFromWeights } from "./newRun/newRunFromWeights";
import { resumeFromCheckpoint, trainFurther } from "./resumeFromCheckpoint";
import { report } from "./report";
import type { RunArgument } from "./runArgument";
import { deleteRun, openPanel, revealRun, showExample, showLog } from "./runFolders";
import { trySampleData } from "./sampleData";
import type { GroupNode } from "../views/runsTree";
import type { Services } from "./services";
import { pause, resume, stop } from "./controlTraining";
import { train } from "./train";
import { translate, translatePicture } from "./translate";

/** A command with its services bound. VS Code passes the arguments unchecked. */
type Command = (...args: never[]) => Promise<unknown>;

type Uris = readonly vscode.Uri[];

/** Every command of the extension, without its prefix `revgan.`. */
export function commandTable(services: Services): Readonly<Record<string, Command>> {
  return {
    newRun: () => newRun(services),
    newRunFromWeights: (weights?: vscode.Uri) => newRunFromWeights(services, weights),
    // The same command for the explorer's menu, where its title contains the extension's name.
    menuFromWeights: (weights?: vscode.Uri) => newRunFromWeights(services, weights),
    // Called from a menu (with further arguments) or the command palette (without any), it may ask the user; called by a program with the
    // configuration alone, it does not.
    train: (config?: vscode.Uri, ...ofMenu: unknown[]) =>
      train(services, config, config === undefined || ofMenu.length > 0),
    // A menu passes as second argument something other than options; then, and without a configuration, the user is asked.
    trainOnCluster: (config?: vscode.Uri, options?: ClusterOptions) =>
      trainOnCluster(
        services,
        config,
        config !== undefined && (options === undefined || typeof options.script === "boolean")
          ? (options ?? {})
          : undefined,
      ),
    plan: (config: vscode.Uri, options?: Parameters<typeof plan>[2]) => plan(services, config, options),
    trySampleData: (options?: Parameters<typeof trySampleData>[1]) => trySampleData(services, options),
    showExample: () => showExample(services),
    pause: (run?: RunArgument) => pause(services, run),
    resume: (run?: RunArgument) => resume(services, run),
    stop: (run?: RunArgument) => stop(services, run),
    resumeFromCheckpoint: (run?: RunArgument, options?: Parameters<typeof resumeFromCheckpoint>[2]) =>
      resumeFromCheckpoint(services, run, options),
    trainFurther: (run?: RunArgument, options?: Parameters<typeof trainFurther>[2]) =>
      trainFurther(services, run, options),
    translatePicture: (run?: RunArgument) => translatePicture(services, run),
    translateAToB: (file?: vscode.Uri, files?: Uris, options?: Parameters<typeof translate>[4]) =>
      translate(services, "AtoB", file, files, options),
    translateBToA: (file?: vscode.Uri, files?: Uris, options?: Parameters<typeof translate>[4]) =>
      translate(services, "BtoA", file, files, options),
    // Commands of the submenu "Translate with RevGAN", with short titles. Further arguments of a menu are ignored.
    menuAToB: (file?: vscode.Uri, files?: Uris) =>
      translate(services, "AtoB", file, Array.isArray(files) ? files : undefined),
    menuBToA: (file?: vscode.Uri, files?: Uris) =>
      translate(services, "BtoA", file, Array.isArray(files) ? files : undefined),
    evaluate: (run?: RunArgument, options?: Parameters<typeof evaluate>[2]) => evaluate(services, run, options),
    exportRun: (run?: RunArgument, options?: Parameters<typeof exportRun>[2]) => exportRun(services, run, options),
    openPanel: (run?: RunArgument) => openPanel(services, run),
    measureMemory: (run?: RunArgument, options?: Parameters<typeof measureMemory>[2]) =>
      measureMemory(services, run, options),
    compareRuns: (runs?: Parameters<typeof compareRuns>[1]) => compareRuns(services, runs),
    // For the menu of a folder in the tree: compares its runs without asking.
    compareFolder: (folder: GroupNode) => compareRuns(services, [folder]),
    report: (runs?: Parameters<typeof report>[1], more?: Parameters<typeof report>[2]) => report(services, runs, more),
    installEngine: (options?: Parameters<typeof installEngine>[1]) => installEngine(services, options),
    removeEngine: () => removeEngine(services),
    chooseGpu: (gpu?: Parameters<typeof chooseGpu>[1]) => chooseGpu(services, gpu),
    doctor: (options?: Parameters<typeof doctor>[1]) => doctor(services, options),
    revealRun: (run?: RunArgument) => revealRun(services, run),
    deleteRun: (run?: RunArgument) => deleteRun(services, run),
    showLog: (run?: RunArgument) => showLog(services, run),
  };
}
