import type { Line } from "../../protocol/lines";
import type { PauseGate } from "./pauseGate";
import type { Profile } from "./profile";

/** Receives what happens in a training, and controls it. */
export interface TrainingListener {
  /** Called with every line of the published format. */
  readonly line: (line: Line) => void;
  /** Called with one line of text on the training's progress, for people. */
  readonly note: (text: string) => void;
  /** Called with warnings: a file left out, a damaged checkpoint, a full disk, an early stop. */
  readonly warn: (text: string) => void;
  /** When aborted, stops the training. */
  readonly signal: AbortSignal;
  /** Whether a stop drops the unfinished step. By default the training finishes it first, which may take minutes. */
  readonly dropsUnfinished?: boolean;
  /** Called with the seconds that a term of the objective or a checkpoint took, during which the event loop may have been blocked. */
  readonly onBusy?: (what: "term" | "checkpoint", seconds: number) => void;
  /** Pauses the training while it is closed. */
  readonly gate?: PauseGate;
  /** Records the operations of the first steps. */
  readonly profile?: Profile;
}
