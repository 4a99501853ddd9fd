import * as z from "zod/mini";
import { panelVersion } from "../../extension/protocol/panel";
import type { SavedState, Transport } from "./host";

const savedStateSchema = z.object({
  version: z.literal(panelVersion),
  run: z.nullable(z.string()),
  dismissed: z.optional(z.array(z.object({ run: z.string(), hint: z.string() }))),
});

/** The most dismissed hints that are remembered. Beyond it the oldest are forgotten, and may be shown again. */
const mostDismissed = 100;

/** Page state that survives a reload: the shown run and dismissed hints. State saved under another protocol version is ignored. */
export class SavedPage {
  private state: SavedState;

  constructor(private readonly transport: Transport) {
    const { run = null, dismissed = [] } = savedStateSchema.safeParse(transport.savedState()).data ?? {};
    this.state = { version: panelVersion, run, dismissed };
  }

  /** The run that is shown, or was shown before the reload; null for none. */
  get run(): string | null {
    return this.state.run;
  }

  set run(run: string | null) {
    this.save({ run });
  }

  /** Whether a hint is not to be shown for a run any more. */
  isDismissed(run: string, hint: string): boolean {
    return this.state.dismissed.some((each) => each.run === run && each.hint === hint);
  }

  dismiss(run: string, hint: string): void {
    this.save({ dismissed: [...this.state.dismissed, { run, hint }].slice(-mostDismissed) });
  }

  private save(change: Partial<SavedState>): void {
    this.state = { ...this.state, ...change };
    this.transport.saveState(this.state);
  }
}
