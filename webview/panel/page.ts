import { panelVersion, parseToWebview, type FromWebview, type ToWebview } from "../../extension/protocol/panel";
import type { Host } from "../host/host";
import type { Receiver, Transport } from "../host/transport";
import { addressOf } from "../samples/sampleNames";
import { afterMessage, emptyState, type PanelState } from "../state/panelState";
import { rememberedRun } from "../state/remembered";
import { h } from "../ui/element";
import type { Section } from "../ui/section";
import { t, useStrings } from "../ui/text";
import { onAppearanceChange } from "../ui/appearance";

/** Makes what a page shows. */
export type View = (host: Host) => Section;

/** The page: takes the host's messages, keeps the state, and has the view show it, once a frame at most. */
export class Page implements Receiver, Host {
  private state: PanelState = emptyState;
  private readonly transport: Transport;
  private view: Section | null = null;
  private readonly notice = h("section", { class: "notice", hidden: true });
  /** A snapshot was asked for and did not come yet: asking again would not bring it sooner, and a wrong one would go round for ever. */
  private waiting = false;
  private frame = 0;
  private drawsAnew = false;

  constructor(
    private readonly body: HTMLElement,
    private readonly makeView: View,
    connect: (receiver: Receiver) => Transport,
  ) {
    body.append(this.notice);
    this.transport = connect(this);
    onAppearanceChange(() => {
      this.drawsAnew = true;
      this.schedule();
    });
  }

  post(message: FromWebview): void {
    this.transport.post(message);
  }

  opened(): void {
    this.waiting = false;
    this.askForAll();
  }

  lost(): void {
    this.notify(t("The connection is lost. Trying again…"));
  }

  received(value: unknown): void {
    // Extensions of the browser, and VS Code's own frame, send things of their own.
    if (typeof value !== "object" || value === null || !("type" in value)) return;
    try {
      this.take(parseToWebview(value));
    } catch {
      // Whatever was wrong, a whole snapshot sets it right; only when that is wrong itself are the two of different versions.
      if (value.type === "snapshot")
        this.notify(t("This page and its host are of different versions. Close it and open it again."));
      this.askForAll();
    }
  }

  pictureAddress(step: number, picture: string): string | null {
    const { shown } = this.state;
    return shown === null ? null : addressOf(shown.samples.base, step, picture);
  }

  private take(message: ToWebview): void {
    const before = this.state.shown?.run.id ?? null;
    this.state = afterMessage(this.state, message);
    if (message.type === "snapshot") {
      this.waiting = false;
      this.notify(null);
      this.begin(message.strings);
    }
    const run = this.state.shown?.run.id ?? null;
    if (run !== before || message.type === "snapshot") this.transport.remember({ version: panelVersion, run });
    this.schedule();
  }

  /** The words are known from the first snapshot on, and with them the view can be made. */
  private begin(strings: Readonly<Record<string, string>>): void {
    if (this.view !== null) return;
    useStrings(strings);
    this.view = this.makeView(this);
    this.body.append(this.view.element);
  }

  private askForAll(): void {
    if (this.waiting) return;
    this.waiting = true;
    const run = this.state.shown?.run.id ?? rememberedRun(this.transport.remembered());
    this.post({ type: "ready", version: panelVersion, run });
  }

  private notify(text: string | null): void {
    this.notice.textContent = text ?? "";
    this.notice.setAttribute("aria-label", t("Notice"));
    this.notice.hidden = text === null;
  }

  private schedule(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const { drawsAnew } = this;
      this.drawsAnew = false;
      this.view?.update(this.state);
      if (drawsAnew) this.view?.redraw();
    });
  }
}
