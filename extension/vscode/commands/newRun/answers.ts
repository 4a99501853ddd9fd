import type * as vscode from "vscode";
import type { PlanLine } from "../../../protocol/lines";
import type { DataLayout, FittingNetwork } from "../../../protocol/trainer";
import { type ChosenData, layoutOf } from "./configuration";
import type { FolderList } from "./folderList";
import type { ChosenFolder } from "./pickFolder";
import type { ConfigTarget } from "./pickFile";
import { modesFor } from "./pickMode";

/** The workspace folder into which the configuration is written. */
export interface Place {
  readonly folder: vscode.Uri;
  readonly list: FolderList;
  /** Whether the folder contains a `revgan.json`. */
  readonly hasConfig: boolean;
}

/** The answers to the questions of New Run. */
export interface Answers {
  /** The weights with which the network starts; absent for random weights. */
  readonly weights: FittingNetwork;
  readonly place: Place;
  readonly first: ChosenFolder | undefined;
  /** The folder of B, if `first` is the folder of A only. */
  readonly second: ChosenFolder | undefined;
  readonly mode: DataLayout["mode"];
  readonly plan: PlanLine;
  readonly target: ConfigTarget;
}

/** The chosen data; undefined while a folder has not been chosen yet. */
export function dataOf({ first, second }: Partial<Answers>): ChosenData | undefined {
  if (first === undefined) return undefined;
  if (first.layout.kind !== "one") return { first, second: undefined };
  return second === undefined ? undefined : { first, second };
}

/** The modes to choose from; none while a folder is missing. */
export function modesOf(answers: Partial<Answers>): readonly DataLayout["mode"][] {
  const data = dataOf(answers);
  const ofWeights = answers.weights?.mode ?? null;
  if (data === undefined) return [];
  return ofWeights === null ? modesFor(layoutOf(data)) : [ofWeights];
}
