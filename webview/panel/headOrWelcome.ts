import type { PanelAction } from "../../extension/protocol/panel";
import type { Host } from "../host/host";
import type { PanelState } from "../state/panelState";
import { PendingActions } from "./pendingActions";
import { RunHead } from "./runHead";
import { Welcome } from "./welcome";

/** The top of panel and side view: the head of the shown run, or the welcome. Pending actions are shown before the host answers. */
export class HeadOrWelcome {
  private readonly head: RunHead;
  private readonly welcome: Welcome;
  private state: PanelState | null = null;
  readonly elements: readonly HTMLElement[];

  /** @param offered the actions for which the head of a run has buttons */
  constructor(host: Host, offered: readonly PanelAction[]) {
    const pending = new PendingActions(host);
    this.head = new RunHead(pending, offered);
    this.welcome = new Welcome(pending);
    this.elements = [this.head.element, this.welcome.element];
    pending.onChange(() => this.show());
  }

  update(state: PanelState): void {
    this.state = state;
    this.show();
  }

  private show(): void {
    if (this.state === null) return;
    const { shown } = this.state;
    this.head.element.hidden = shown === null;
    if (shown !== null) this.head.update(shown.run, shown.config);
    this.welcome.update(this.state);
  }
}
