import type { Line } from "../../protocol/lines";
import type { PauseGate } from "./pauseGate";
import type { Profile } from "./profile";

/** Receives what happens in a training, and controls it. */
export interface TrainingListener {
  /** Called with every line of the published format. */
  readonly line: (line: Line) => void;
  /** Called with progress for people: one line. */
  readonly note: (text: string) => void;
  /** Called with warnings: a file left out, a damaged checkpoint, a full disk, an early stop. */
  readonly warn: (text: string) => void;
  /** Stops the training. */
  readonly signal: AbortSignal;
  /** A stop drops the unfinished step instead of finishing it, which may take minutes. */
  readonly dropsUnfinished?: boolean;
  /** Called with the seconds for which the event loop was blocked by a term or a checkpoint. */
  readonly onBusy?: (what: "term" | "checkpoint", seconds: number) => void;
  /** Pauses the training while it is closed. */
  readonly gate?: PauseGate;
  /** Records the operations of the first steps. */
  readonly profile?: Profile;
}
