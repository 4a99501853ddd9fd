import { panelVersion, parseToWebview, type FromWebview, type ToWebview } from "../../extension/protocol/panel";
import type { Receiver, Transport } from "../host/host";
import { SavedPage } from "../host/savedPage";
import { addressOf } from "../samples/sampleNames";
import { afterMessage, emptyState, type PanelState } from "../state/panelState";
import { h } from "../ui/element";
import type { SectionHost, View } from "../ui/section";
import { t, setStrings } from "../ui/text";
import { onAppearanceChange } from "../ui/appearance";

/** The page: reduces the host's messages to a state and updates the sections, at most once an animation frame. */
export class Page implements Receiver, SectionHost {
  private state: PanelState = emptyState;
  private readonly transport: Transport;
  private readonly saved: SavedPage;
  private view: View | null = null;
  private readonly notice = h("section", { class: "notice", hidden: true });
  /**
   * Whether a snapshot was requested and no valid one has arrived. Until one does, none is requested again: if the host's snapshots were
   * invalid, the requests would never end.
   */
  private isSnapshotPending = false;
  private frame = 0;
  private needsRedraw = false;

  constructor(
    private readonly body: HTMLElement,
    private readonly makeView: (host: SectionHost) => View,
    connect: (receiver: Receiver) => Transport,
  ) {
    body.append(this.notice);
    this.transport = connect(this);
    this.saved = new SavedPage(this.transport);
    onAppearanceChange(() => {
      this.needsRedraw = true;
      this.requestUpdate();
    });
  }

  post(message: FromWebview): void {
    this.transport.post(message);
  }

  onOpen(): void {
    this.isSnapshotPending = false;
    this.requestSnapshot();
  }

  onClose(): void {
    this.notify(t("The connection is lost. Trying again…"));
  }

  onMessage(value: unknown): void {
    // Other messages are ignored: browser extensions and VS Code's own frame post some to the page.
    if (typeof value !== "object" || value === null || !("type" in value)) return;
    try {
      this.apply(parseToWebview(value));
    } catch {
      // A snapshot replaces the whole state, so it repairs anything. If the snapshot itself is invalid, page and host differ in version.
      if (value.type === "snapshot")
        this.notify(t("This page and its host are of different versions. Close it and open it again."));
      this.requestSnapshot();
    }
  }

  pictureAddress(step: number, picture: string): string | null {
    const { shown } = this.state;
    return shown === null ? null : addressOf(shown.samples.base, step, picture);
  }

  isDismissed(run: string, hint: string): boolean {
    return this.saved.isDismissed(run, hint);
  }

  dismiss(run: string, hint: string): void {
    this.saved.dismiss(run, hint);
    this.requestUpdate();
  }

  private apply(message: ToWebview): void {
    const before = this.state.shown?.run.id ?? null;
    this.state = afterMessage(this.state, message);
    if (message.type === "snapshot") {
      this.isSnapshotPending = false;
      this.notify(null);
      this.createView(message.strings);
    }
    const run = this.state.shown?.run.id ?? null;
    if (run !== before || message.type === "snapshot") this.saved.run = run;
    this.requestUpdate();
  }

  /** Makes the view at the first snapshot. It cannot be made earlier, because it needs the translations, which the snapshot contains. */
  private createView(strings: Readonly<Record<string, string>>): void {
    if (this.view !== null) return;
    setStrings(strings);
    this.view = this.makeView(this);
    this.body.append(this.view.element);
  }

  private requestSnapshot(): void {
    if (this.isSnapshotPending) return;
    this.isSnapshotPending = true;
    const run = this.state.shown?.run.id ?? this.saved.run;
    this.post({ type: "ready", version: panelVersion, run });
  }

  private notify(text: string | null): void {
    this.notice.textContent = text ?? "";
    this.notice.setAttribute("aria-label", t("Notice"));
    this.notice.hidden = text === null;
  }

  requestUpdate(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const { needsRedraw } = this;
      this.needsRedraw = false;
      for (const section of this.view?.sections ?? []) {
        section.update(this.state);
        if (needsRedraw) section.redraw?.();
      }
    });
  }
}
