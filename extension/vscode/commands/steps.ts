import * as vscode from "vscode";

/** Where a question stands among those of a command. */
export interface StepPlace {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  /** Whether there is a question before it. */
  readonly hasBefore: boolean;
}

/** Answers to keep, the wish to go back, or undefined where the user cancels. */
export type StepOutcome<T> = Partial<T> | "back" | undefined;

/** A question of a command that asks several. */
export interface Step<T> {
  /** Whether it has to be asked, as far as the answers so far tell. */
  readonly isAsked: (answers: Partial<T>) => boolean;
  /** @param answers so far, with those to this question and to later ones from before the user went back */
  readonly ask: (answers: Partial<T>, place: StepPlace) => Promise<StepOutcome<T>>;
}

/**
 * Asks questions one after the other; the user can go back.
 *
 * @param known what need not be asked
 * @returns all answers, or undefined where the user cancels
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

/** A list to choose from, with the number of its question and a button that goes back. */
export class StepList<T extends vscode.QuickPickItem> {
  readonly pick = vscode.window.createQuickPick<T>();

  constructor({ title, step, totalSteps, hasBefore }: StepPlace, placeholder: string) {
    Object.assign(this.pick, { title, step, totalSteps, placeholder, matchOnDescription: true, matchOnDetail: true });
    this.pick.buttons = hasBefore ? [vscode.QuickInputButtons.Back] : [];
  }

  /** Replaces the entries, and keeps or sets the active one. */
  show(items: readonly T[], isActive: (item: T) => boolean): void {
    this.pick.items = items;
    const active = items.find(isActive);
    if (active !== undefined) this.pick.activeItems = [active];
  }

  /** Shows the list until the user chooses, goes back or cancels. It can be asked again, after a dialog for example. */
  next(): Promise<T | "back" | undefined> {
    return new Promise((resolve) => {
      const subscriptions = [
        this.pick.onDidAccept(() => {
          // Nothing is selected where the list is empty.
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

/** Asks for one of some entries. */
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
  /** Filled in when it is known, unless the user has begun to type. */
  readonly suggestion: Promise<{ readonly value: string; readonly prompt: string }>;
  readonly placeholder: string;
  /** Says what is wrong with a text; undefined for a right one. */
  readonly problemOf: (text: string) => string | undefined;
}

/** Asks for a text. */
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
