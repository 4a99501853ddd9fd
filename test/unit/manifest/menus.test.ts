import { extname } from "node:path";
import { expect, it } from "vitest";
import { imageEndings, volumeEndings } from "../../../extension/imageFormats";
import { weightsEndings } from "../../../extension/trainer/interop/weightsFiles";
import { commandsWithoutTrust } from "./code";
import { contributes } from "./manifest";
import { type Context, holds, keysOf } from "./whenClause";

/** The values of `revgan.state`; undefined before the extension has started. */
const states = [undefined, "idle", "starting", "running", "paused", "stopping"] as const;

const trusted = { isWorkspaceTrusted: true, workspaceFolderCount: 1 };

function menu(id: string): readonly { command?: string; submenu?: string; when?: string; group?: string }[] {
  return contributes.menus[id] ?? [];
}

/** What a menu shows; of commands, whatever they say of themselves. */
function shown(id: string, context: Context): string[] {
  return menu(id)
    .filter(({ when }) => holds(when, context))
    .map(({ command, submenu }) => command ?? submenu ?? "");
}

/** Whether the palette shows a command: there a command that is not enabled is not shown. */
function inPalette(command: string, context: Context): boolean {
  const own = contributes.commands.find((each) => each.command === command);
  return (
    holds(own?.enablement, context) &&
    menu("commandPalette")
      .filter((entry) => entry.command === command)
      .every(({ when }) => holds(when, context))
  );
}

function withState(state: (typeof states)[number], context: Context = trusted): Context {
  return state === undefined ? context : { ...context, "revgan.state": state };
}

it("right-clicks ask for nothing that is known only after the extension has started", () => {
  const builtIn = ["resourceExtname", "resourceFilename", "explorerResourceIsFolder", "isWorkspaceTrusted"];
  const asked = [...menu("explorer/context"), ...menu("editor/title/context")].flatMap(({ when = "" }) => keysOf(when));
  expect(asked.filter((key) => !builtIn.includes(key))).toEqual([]);
});

it("pictures and volumes that the trainer reads, and folders, can be translated by a right-click; other files cannot", () => {
  for (const place of ["explorer/context", "editor/title/context"]) {
    for (const resourceExtname of [...imageEndings, ".PNG"])
      expect(shown(place, { ...trusted, resourceExtname }), resourceExtname).toEqual(["revgan.translate"]);
    // Of scan.nii.gz the ending is .gz, as of any other packed file.
    for (const resourceFilename of [...volumeEndings.map((ending) => `scan${ending}`), "SCAN.NII.GZ"]) {
      expect(
        shown(place, { ...trusted, resourceFilename, resourceExtname: extname(resourceFilename) }),
        resourceFilename,
      ).toEqual(["revgan.translate"]);
    }
    for (const resourceFilename of ["a.gz", "scan.nii.gz.txt", "nii.gz"])
      expect(
        shown(place, { ...trusted, resourceFilename, resourceExtname: extname(resourceFilename) }),
        resourceFilename,
      ).toEqual([]);
    for (const resourceExtname of [".txt", ".ts", ".svg", ".bmp", ".pngx", ""])
      expect(shown(place, { ...trusted, resourceExtname }), resourceExtname).toEqual([]);
    expect(shown(place, { ...trusted, isWorkspaceTrusted: false, resourceExtname: ".png" })).toEqual([]);
  }
  expect(shown("explorer/context", { ...trusted, explorerResourceIsFolder: true, resourceExtname: "" })).toEqual([
    "revgan.translate",
  ]);
});

it("the conditions of right-clicks have the endings of the table of formats, and no others", () => {
  const pattern = (endings: readonly string[]): string =>
    `\\.(${endings.map((ending) => ending.slice(1).replaceAll(".", "\\.")).join("|")})$/i`;
  const files = `resourceExtname =~ /^${pattern(imageEndings)} || resourceFilename =~ /${pattern(volumeEndings)}`;
  const asked = ["explorer/context", "editor/title/context"]
    .flatMap(menu)
    .filter(({ submenu }) => submenu !== undefined);
  expect(asked.map(({ when }) => when)).toEqual([
    `isWorkspaceTrusted && (explorerResourceIsFolder || ${files})`,
    `isWorkspaceTrusted && (${files})`,
  ]);
});

it("a run can be made from a file of weights by a right-click on it, and from no other file", () => {
  const entries = (resourceExtname: string, context = trusted): string[] =>
    shown("explorer/context", { ...context, resourceExtname });
  for (const ending of [...weightsEndings, ".PTH"]) expect(entries(ending), ending).toEqual(["revgan.menuFromWeights"]);
  for (const ending of [".pt2", ".apt", ".onnx", ".json"]) expect(entries(ending), ending).toEqual([]);
  expect(entries(".pth", { ...trusted, isWorkspaceTrusted: false })).toEqual([]);
});

it("a submenu of the explorer's fits no group of VS Code's own, and both directions are in it, A to B first", () => {
  expect(
    [...menu("explorer/context"), ...menu("editor/title/context")]
      .map(({ group }) => group)
      .filter((group) => !/^\w+_revgan@\d$/.test(group ?? "")),
  ).toEqual([]);
  expect(shown("revgan.translate", trusted)).toEqual(["revgan.menuAToB", "revgan.menuBToA"]);
});

it("Train and Stop take turns at the top of a configuration, from before the extension has started", () => {
  for (const resourceFilename of ["revgan.json", "depth-16.revgan.json"]) {
    const file = { ...trusted, resourceFilename, resourceExtname: ".json" };
    const buttons = states.map((state) => shown("editor/title", withState(state, file)));
    expect(buttons).toEqual([
      ["revgan.train"],
      ["revgan.train"],
      ["revgan.stop"],
      ["revgan.stop"],
      ["revgan.stop"],
      [],
    ]);
    expect(shown("explorer/context", file)).toContain("revgan.train");
  }
  for (const resourceFilename of ["package.json", "myrevgan.json", "revgan.json.bak"])
    expect(shown("editor/title", { ...trusted, resourceFilename })).toEqual([]);
});

it("the palette offers Pause, Resume and Stop when they can work", () => {
  const offered = (command: string): unknown[] => states.filter((state) => inPalette(command, withState(state)));
  expect(offered("revgan.pause")).toEqual(["running"]);
  expect(offered("revgan.resume")).toEqual(["paused"]);
  expect(offered("revgan.stop")).toEqual(["starting", "running", "paused"]);
});

it("before the extension has started the palette offers whatever may work, after that only what does", () => {
  const needsRuns = {
    resumeFromCheckpoint: "canResumeFromCheckpoint",
    trainFurther: "canTrainFurther",
    translatePicture: "canTranslatePicture",
    translateAToB: "canTranslate",
    translateBToA: "canTranslate",
    revealRun: "hasRuns",
    deleteRun: "hasRuns",
    evaluate: "canEvaluate",
    exportRun: "canExport",
    measureMemory: "hasRuns",
    compareRuns: "hasRuns",
    report: "hasRuns",
  };
  for (const [name, key] of Object.entries(needsRuns)) {
    const offered = [trusted, withState("idle"), { ...withState("idle"), [`revgan.${key}`]: true }].map((context) =>
      inPalette(`revgan.${name}`, context),
    );
    expect(offered, name).toEqual([true, false, true]);
  }
});

it("in Restricted Mode the palette offers what works there: to look, not to run", () => {
  const context = {
    isWorkspaceTrusted: false,
    workspaceFolderCount: 1,
    "revgan.state": "idle",
    "revgan.hasRuns": true,
    "revgan.canTranslate": true,
    "revgan.canResumeFromCheckpoint": true,
  };
  const offered = contributes.commands.map(({ command }) => command).filter((command) => inPalette(command, context));
  expect(offered).toEqual(["revgan.openPanel", "revgan.compareRuns", "revgan.revealRun", "revgan.showLog"]);
  const inTree = ["revgan.compareFolder"];
  expect([...offered, ...inTree].sort()).toEqual(
    commandsWithoutTrust()
      .map((name) => `revgan.${name}`)
      .sort(),
  );
});

it("in an empty window the sample data can be tried, and everything that needs a folder is not offered", () => {
  const context = { isWorkspaceTrusted: true, workspaceFolderCount: 0 };
  expect(
    ["revgan.trySampleData", "revgan.newRun", "revgan.train"].map((command) => inPalette(command, context)),
  ).toEqual([true, false, false]);
});

it("exactly one welcome text is shown in each kind of window", () => {
  const windows = [true, false].flatMap((isWorkspaceTrusted) =>
    [0, 1, 2].map((workspaceFolderCount) => ({ isWorkspaceTrusted, workspaceFolderCount })),
  );
  expect(windows.map((context) => contributes.viewsWelcome.filter(({ when }) => holds(when, context)).length)).toEqual([
    1, 1, 1, 1, 1, 1,
  ]);
});

it("a row of the tree has at most two buttons, and each of them is in its menu too", () => {
  const actions = {
    running: "pause stop openPanel",
    paused: "resume stop openPanel",
    stopped: "resumeFromCheckpoint translatePicture deleteRun openPanel",
    finished: "trainFurther translatePicture deleteRun openPanel",
    folder: "compareFolder",
  };
  for (const [state, viewItem] of Object.entries(actions)) {
    const entries = menu("view/item/context").filter(({ when }) => holds(when, { view: "revgan.runs", viewItem }));
    const [buttons, rest] = [true, false].map((inline) =>
      entries.filter(({ group }) => group?.startsWith("inline") === inline).map(({ command }) => command),
    );
    expect(buttons!.length, state).toBeLessThanOrEqual(2);
    // A folder has nothing of a run, and a run nothing of a folder.
    expect(rest!.includes("revgan.compareFolder"), state).toBe(state === "folder");
    expect(rest!.includes("revgan.openPanel"), state).toBe(state !== "folder");
    expect(
      buttons!.filter((button) => !rest!.includes(button)),
      state,
    ).toEqual([]);
  }
});
