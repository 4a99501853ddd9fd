import type { Line } from "../../protocol/lines";
import type { Gate } from "./gate";
import type { Profile } from "./profile";

/** Who watches a session. */
export interface Watcher {
  /** Takes the lines of the published format as they come. */
  readonly line: (line: Line) => void;
  /** What is going on, for people: one line. */
  readonly note: (text: string) => void;
  /** What people must know: a file left out, a damaged checkpoint, a full disk, why it ends early. */
  readonly warn: (text: string) => void;
  /** Asks the session to stop. */
  readonly signal: AbortSignal;
  /** A stop drops the unfinished step, which may take long, instead of finishing it. */
  readonly dropsUnfinished?: boolean;
  /** Told how long the process was deaf, in seconds, while it computed a term or wrote a checkpoint. */
  readonly took?: (what: "term" | "checkpoint", seconds: number) => void;
  /** Where the training waits while it is paused; without one it never is. */
  readonly gate?: Gate;
  /** Notes what the steps consist of. */
  readonly profile?: Profile;
}
