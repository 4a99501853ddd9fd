import type { FromWebview } from "../../extension/protocol/panel";

/** Answers the page: VS Code's extension host, or the server of `revgan view`. */
export interface Host {
  /** Sends a message; answers arrive as messages. */
  post(message: FromWebview): void;
}

/** State that survives a reload of the page. */
export interface SavedState {
  readonly version: number;
  readonly run: string | null;
  /** Hints that the user has dismissed, and for which run. */
  readonly dismissed: readonly { readonly run: string; readonly hint: string }[];
}

/** The connection to the host, and storage for {@link SavedState}. */
export interface Transport extends Host {
  /** Undefined when nothing was saved, or nothing that can be parsed. */
  savedState(): unknown;
  saveState(state: SavedState): void;
}

/** Receives the host's messages and the changes of the connection. */
export interface Receiver {
  /** Connected, for the first time or again: the page's state may be stale. */
  onOpen(): void;
  /** Disconnected; the transport reconnects by itself. */
  onClose(): void;
  onMessage(message: unknown): void;
  /** The address of a picture of the shown run; null when none is shown. */
  pictureAddress(step: number, picture: string): string | null;
}
