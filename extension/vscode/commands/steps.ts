import * as vscode from "vscode";

/** The position of a question among the questions of a command, as shown in its title. */
export interface StepPlace {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  /** Whether there is an earlier question to go back to. */
  readonly hasBefore: boolean;
}

/** The result of a question: answers to keep, `"back"` to return to the question before, or undefined when the user cancels. */
export type StepOutcome<T> = Partial<T> | "back" | undefined;

/** One of the questions of a command that asks several in a row. */
export interface Step<T> {
  /** Whether the question has to be asked, given the answers so far. */
  readonly isAsked: (answers: Partial<T>) => boolean;
  /**
   * Asks the question. @param answers the answers so far; after the user went back, including the earlier answers to this question and
   * later ones
   */
  readonly ask: (answers: Partial<T>, place: StepPlace) => Promise<StepOutcome<T>>;
}

/**
 * Asks questions one after the other; the user can go back.
 *
 * @param known answers that are known already
 * @returns all answers, or undefined when the user cancels
 */
export async function askSteps<T>(
  title: string,
  steps: readonly Step<T>[],
  known: Partial<T>,
): Promise<Partial<T> | undefined> {
  let answers = known;
  const before: number[] = [];
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (!step.isAsked(answers)) continue;
    const asked = steps.filter((each) => each.isAsked(answers));
    const place = { title, step: asked.indexOf(step) + 1, totalSteps: asked.length, hasBefore: before.length > 0 };
    const outcome = await step.ask(answers, place);
    if (outcome === undefined) return undefined;
    if (outcome === "back") {
      i = before.pop()! - 1;
    } else {
      answers = { ...answers, ...outcome };
      before.push(i);
    }
  }
  return answers;
}

/** A quick pick list, with the number of its question in the title and a button to go back. The owner must dispose of it. */
export class StepList<T extends vscode.QuickPickItem> {
  readonly pick = vscode.window.createQuickPick<T>();

  constructor({ title, step, totalSteps, hasBefore }: StepPlace, placeholder: string) {
    Object.assign(this.pick, { title, step, totalSteps, placeholder, matchOnDescription: true, matchOnDetail: true });
    this.pick.buttons = hasBefore ? [vscode.QuickInputButtons.Back] : [];
  }

  /** Replaces the entries, and makes the first entry for which `isActive` is true the active one. */
  show(items: readonly T[], isActive: (item: T) => boolean): void {
    this.pick.items = items;
    const active = items.find(isActive);
    if (active !== undefined) this.pick.activeItems = [active];
  }

  /**
   * Shows the list until the user chooses an entry, goes back or cancels. Can be called again on the same list, for example after a dialog.
   */
  next(): Promise<T | "back" | undefined> {
    return new Promise((resolve) => {
      const subscriptions = [
        this.pick.onDidAccept(() => {
          // If the list is empty, Enter selects nothing.
          const [chosen] = this.pick.selectedItems;
          if (chosen !== undefined) settle(chosen);
        }),
        this.pick.onDidTriggerButton(() => settle("back")),
        this.pick.onDidHide(() => settle(undefined)),
      ];
      const settle = (answer: T | "back" | undefined): void => {
        for (const subscription of subscriptions) subscription.dispose();
        resolve(answer);
      };
      this.pick.show();
    });
  }

  dispose(): void {
    this.pick.dispose();
  }
}

/** Lets the user choose one of these entries in a {@link StepList}. */
export async function chooseInStep<T extends vscode.QuickPickItem>(
  place: StepPlace,
  placeholder: string,
  items: readonly T[],
  isActive: (item: T) => boolean = () => false,
): Promise<T | "back" | undefined> {
  const list = new StepList<T>(place, placeholder);
  list.show(items, isActive);
  try {
    return await list.next();
  } finally {
    list.dispose();
  }
}

/** A question that is answered by a text. */
export interface TextQuestion {
  readonly prompt: string;
  /** The suggested text and the final prompt. When the promise resolves, the text is filled in, unless the user has begun to type. */
  readonly suggestion: Promise<{ readonly value: string; readonly prompt: string }>;
  readonly placeholder: string;
  /** The problem with a text, in words; undefined for a valid text. */
  readonly problemOf: (text: string) => string | undefined;
}

/** Asks for a text; `"back"` when the user goes back, undefined when the user cancels. */
export function askTextInStep(
  { title, step, totalSteps, hasBefore }: StepPlace,
  { prompt, suggestion, placeholder, problemOf }: TextQuestion,
): Promise<{ readonly text: string } | "back" | undefined> {
  const input = vscode.window.createInputBox();
  Object.assign(input, { title, step, totalSteps, prompt, placeholder, busy: true });
  input.buttons = hasBefore ? [vscode.QuickInputButtons.Back] : [];
  void suggestion.then((known) => {
    input.busy = false;
    input.prompt = known.prompt;
    if (input.value === "") input.value = known.value;
  });
  return new Promise<{ readonly text: string } | "back" | undefined>((resolve) => {
    input.onDidChangeValue((text) => (input.validationMessage = problemOf(text)));
    input.onDidAccept(() => {
      input.validationMessage = problemOf(input.value);
      if (input.validationMessage === undefined) resolve({ text: input.value });
    });
    input.onDidTriggerButton(() => resolve("back"));
    input.onDidHide(() => resolve(undefined));
    input.show();
  }).finally(() => input.dispose());
}
