import * as vscode from "vscode";
import type { PlanLine } from "../../../protocol/lines";
import { planOf } from "../estimates";
import type { Services } from "../services";
import { type Answers, dataOf, modesOf, type Place } from "./answers";
import { baseConfig, layoutOf, nameOf } from "./configuration";
import { pickFirstFolder, pickSecondFolder } from "./pickData";
import { pickFile } from "./pickFile";
import { pickMode } from "./pickMode";
import { pickPlan } from "./pickPlan";
import { chooseInStep, type Step, type StepOutcome } from "../steps";

type Question = Step<Answers>;

/** The questions of New Run in their order. A question with only one possible answer is not asked. */
export function questions(
  services: Services,
  folders: readonly vscode.WorkspaceFolder[],
  open: (folder: vscode.Uri) => Promise<Place>,
): readonly Question[] {
  return [
    whichWorkspaceFolder(folders, open),
    whichFirstFolder,
    whichSecondFolder,
    whichMode,
    whichPlan(services),
    whichFile,
  ];
}

function whichWorkspaceFolder(
  folders: readonly vscode.WorkspaceFolder[],
  open: (folder: vscode.Uri) => Promise<Place>,
): Question {
  return {
    isAsked: () => folders.length > 1,
    ask: async ({ place: before }, place) => {
      const items = folders.map(({ name, uri }) => ({ label: name, description: uri.fsPath, uri }));
      const isBefore = ({ uri }: { readonly uri: vscode.Uri }): boolean => uri === before?.folder;
      const prompt = vscode.l10n.t("Where is the configuration to be written?");
      const chosen = await chooseInStep(place, prompt, items, isBefore);
      return answersFrom(chosen, async ({ uri }) =>
        uri === before?.folder ? {} : { place: await open(uri), first: undefined, second: undefined },
      );
    },
  };
}

const whichFirstFolder: Question = {
  isAsked: () => true,
  ask: async ({ place: { list } = missingAnswer(), first: before }, place) =>
    answersFrom(await pickFirstFolder(place, list, before), (first) =>
      first.folder === before?.folder ? { first } : { first, second: undefined },
    ),
};

const whichSecondFolder: Question = {
  // While the first folder is unknown, this question is counted in the total and the question of the mode is not. Usually only one of the
  // two will be asked, so the total then stays the same.
  isAsked: ({ first }) => first === undefined || first.layout.kind === "one",
  ask: async ({ place: { list } = missingAnswer(), first = missingAnswer(), second: before }, place) =>
    answersFrom(await pickSecondFolder(place, list, first, before), (second) => ({ second })),
};

const whichMode: Question = {
  isAsked: (answers) => modesOf(answers).length > 1,
  ask: async (answers, place) =>
    answersFrom(await pickMode(place, layoutOf(dataOf(answers) ?? missingAnswer()), answers.mode), (mode) => ({
      mode,
    })),
};

function whichPlan(services: Services): Question {
  const estimates = new Map<string, readonly PlanLine[]>();
  return {
    isAsked: () => true,
    ask: async (answers, place) => {
      const root = (answers.place ?? missingAnswer()).folder.fsPath;
      const [only, ...others] = modesOf(answers);
      const mode = others.length === 0 ? only : answers.mode;
      const config = baseConfig(dataOf(answers) ?? missingAnswer(), mode ?? missingAnswer(), root, answers.weights);
      // Estimates are kept by configuration, so that going back and forth does not repeat them.
      const key = JSON.stringify(config);
      const estimate = async (signal: AbortSignal): Promise<readonly PlanLine[]> => {
        const lines = estimates.get(key) ?? (await planOf(services, config, root, signal));
        estimates.set(key, lines);
        return lines;
      };
      return answersFrom(await pickPlan(place, estimate, answers.plan?.name), (plan) => ({ plan }));
    },
  };
}

const whichFile: Question = {
  isAsked: ({ place }) => place?.hasConfig === true,
  ask: async (answers, place) => {
    const name = nameOf(dataOf(answers) ?? missingAnswer());
    return answersFrom(await pickFile(place, (answers.place ?? missingAnswer()).folder, name), (target) => ({
      target,
    }));
  },
};

/** The answers that follow from the user's choice; `"back"` and undefined (cancelled) are returned unchanged. */
async function answersFrom<T extends object | string>(
  chosen: T | "back" | undefined,
  answers: (chosen: Exclude<T, "back">) => Partial<Answers> | Promise<Partial<Answers>>,
): Promise<StepOutcome<Answers>> {
  return chosen === undefined || chosen === "back" ? chosen : answers(chosen as Exclude<T, "back">);
}

/** Stands for an answer that an earlier question must have given; throws if it is missing. */
function missingAnswer(): never {
  throw new Error("a question of New Run was asked before those that it needs");
}
