import { basename, relative, sep } from "node:path";
import * as vscode from "vscode";
import { commentedJson } from "../../../configuration/commentedJson";
import { parseConfig } from "../../../configuration/config";
import { namesToWrite } from "../../../configuration/domainNames";
import { mapPaths } from "../../../configuration/paths";
import type { PlanLine } from "../../../protocol/lines";
import { RevganError } from "../../../protocol/errors";
import type { DataLayout, FittingNetwork } from "../../../protocol/trainer";
import type { ChosenFolder } from "./pickFolder";

/** The data folders that the user chose. */
export interface ChosenData {
  /** The folder of a data set, or the folder of A. */
  readonly first: ChosenFolder;
  /**
   * The folder of B, with the layout of both folders; undefined for a data set. It is the same folder as `first` if each file has A and B
   * side by side.
   */
  readonly second: ChosenFolder | undefined;
}

export function layoutOf({ first, second }: ChosenData): DataLayout {
  return (second ?? first).layout;
}

/**
 * The configuration for the chosen data, with absolute paths, without settings of the network's size, which are chosen later.
 * @param root the folder of the configuration's file
 * @param weights the weights to start with, whose network the configuration then has
 */
export function baseConfig(
  data: ChosenData,
  mode: DataLayout["mode"],
  root: string,
  weights?: FittingNetwork,
): Record<string, unknown> {
  const { dimensions, channels } = layoutOf(data);
  const ofVolumes = { dimensions, inputChannels: channels.a, outputChannels: channels.b };
  return {
    mode,
    ...(weights !== undefined ? startWith(weights, dimensions) : dimensions === 3 && { network: ofVolumes }),
    data: dataSection(data, mode, root),
  };
}

/**
 * The settings to start with given weights. @throws RevganError `data` if the data are volumes and the weights are of a network for
 * pictures, or the other way round
 */
function startWith({ path, network, skip }: FittingNetwork, dimensions: 2 | 3): object {
  if (network["dimensions"] === dimensions)
    return { network, training: { init: path, ...(skip.length > 0 && { initSkip: skip }) } };
  throw new RevganError(
    "data",
    dimensions === 3
      ? vscode.l10n.t("the weights of {0} are of a network for pictures, and the data are volumes", path)
      : vscode.l10n.t("the weights of {0} are of a network for volumes, and the data are pictures", path),
    vscode.l10n.t("choose other data, or other weights"),
  );
}

function dataSection({ first, second }: ChosenData, mode: DataLayout["mode"], root: string): object {
  if (second === undefined) {
    const { folders, hasHeldOut } = first.layout;
    const split = hasHeldOut ? {} : { split: splitFor(first.layout, mode) };
    return { path: first.folder, ...(folders !== null && { folders }), ...split };
  }
  const split = splitFor(second.layout, mode);
  if (second.folder === first.folder) return { path: first.folder, split };
  const where = { a: first.folder, b: second.folder };
  return {
    ...where,
    names: namesToWrite(
      where,
      mapPaths(where, (path) => pathIn(root, path), "data"),
    ),
    split,
  };
}

/**
 * The shares to hold out for validation and test: a tenth each, a twentieth each of 100 files or more; none of fewer than 6 files, because
 * too few would be left to train on.
 */
function splitFor({ a, b, pairs }: DataLayout, mode: DataLayout["mode"]): object | null {
  const count = mode === "paired" ? pairs : Math.min(a, b);
  if (count < 6) return null;
  const share = count < 100 ? 0.1 : 0.05;
  return { val: share, test: share };
}

/** The text of a configuration file, with comments and with paths relative to `root`. */
export function configText({ config }: PlanLine, root: string): string {
  const { network, training } = parseConfig(config, "revgan plan");
  const comments = { ...commentsFor(network.dimensions), ...(training.init !== null && ofWeights()) };
  return commentedJson(
    mapPaths(config, (path) => pathIn(root, path)),
    heading(),
    (key) => comments[key],
  );
}

/** A path as written in the configuration: relative to the workspace folder if it is inside of it, so that the folder can be moved. */
function pathIn(root: string, folder: string): string {
  const path = relative(root, folder);
  if (path === "") return ".";
  return path.startsWith("..") ? folder : path.split(sep).join("/");
}

/** A name for a configuration file, from the names of its data folders: `daisy-sunflower`. */
export function nameOf({ first, second }: ChosenData): string {
  const folders = second === undefined || second.folder === first.folder ? [first] : [first, second];
  const name = folders.map(({ folder }) => basename(folder).replace(/[^\p{L}\p{N}_]+/gu, "-")).join("-");
  return name.replace(/^-+|-+$/g, "").slice(0, 60) || "data";
}

/**
 * Comments for the keys that a user may want to change: what each does and costs. They are short, because half of a window is 80 columns
 * wide.
 */
function commentsFor(dimensions: 2 | 3): Readonly<Record<string, string>> {
  return {
    mode: vscode.l10n.t("unpaired: A and B have no partners. paired: each file of A has one in B."),
    "network.depth": vscode.l10n.t("Blocks of the core. More can learn larger changes; time grows with them."),
    "network.width": vscode.l10n.t("Filters. More can learn more; twice as many: memory × 2, time up to × 4."),
    "network.backprop": vscode.l10n.t("store is fastest; with recompute memory does not grow with depth."),
    "data.names": vscode.l10n.t("What A and B are called in menus and pictures."),
    "data.split": vscode.l10n.t("Held out to judge by: val while training, test after. null: nothing."),
    "data.loadSize": vscode.l10n.t("Pictures are resized to this; the crop is taken from anywhere in it."),
    "data.cropSize":
      dimensions === 3
        ? vscode.l10n.t("What a step sees. Twice the sides: memory and time × 8.")
        : vscode.l10n.t("What a step sees. Twice the side: memory and time × 4."),
    "training.init": vscode.l10n.t("Starts with these weights, and has their network. Without: at random."),
    "training.initSkip": vscode.l10n.t("Not among them: these start at random."),
    "training.epochs": vscode.l10n.t("Times through the data: at the full learning rate, then while it falls."),
    "training.maxSteps": vscode.l10n.t("Ends the training, whatever the epochs. Twice the steps: time × 2."),
    "training.batchSize": vscode.l10n.t("Files in a step, whose memory and time grow with them."),
    "training.sampleEvery": vscode.l10n.t("Steps between sample pictures. Each takes the time of about two steps."),
  };
}

/** Comments for the keys that must not be changed, because the initial weights determine them. */
function ofWeights(): Readonly<Record<string, string>> {
  const text = vscode.l10n.t("As the weights have it that training.init names.");
  return { "network.depth": text, "network.width": text };
}

function heading(): string {
  return vscode.l10n.t("Hover over a key to read more. Keys that are not here have their defaults.");
}
