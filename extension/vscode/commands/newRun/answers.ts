import type * as vscode from "vscode";
import type { PlanLine } from "../../../protocol/lines";
import type { DataLayout, FittingNetwork } from "../../../protocol/trainer";
import { type ChosenData, layoutOf } from "./configuration";
import type { FolderList } from "./folderList";
import type { ChosenFolder } from "./pickFolder";
import type { ConfigTarget } from "./pickFile";
import { modesFor } from "./pickMode";

/** The workspace folder that a configuration is for. */
export interface Place {
  readonly folder: vscode.Uri;
  readonly list: FolderList;
  /** Whether it has a `revgan.json`. */
  readonly hasConfig: boolean;
}

/** What the user answers. */
export interface Answers {
  /** What the network is to start with, where it is not to start at random. */
  readonly weights: FittingNetwork;
  readonly place: Place;
  readonly first: ChosenFolder | undefined;
  /** The folder of B, where `first` is that of A alone. */
  readonly second: ChosenFolder | undefined;
  readonly mode: DataLayout["mode"];
  readonly plan: PlanLine;
  readonly target: ConfigTarget;
}

/** Undefined while a folder is missing. */
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
