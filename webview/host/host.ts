import type { FromWebview } from "../../extension/protocol/panel";

/** The program that answers the page's messages: VS Code's extension host, or the server of `revgan view`. */
export interface Host {
  /** Sends a message; answers arrive as messages. */
  post(message: FromWebview): void;
}

/** State that survives a reload of the page. */
export interface SavedState {
  readonly version: number;
  readonly run: string | null;
  /** The hints that the user has dismissed, each with the id of its run. */
  readonly dismissed: readonly { readonly run: string; readonly hint: string }[];
}

/** The connection to the host, and storage for {@link SavedState}. */
export interface Transport extends Host {
  /** The state saved last; undefined if none was saved or it cannot be parsed. */
  savedState(): unknown;
  saveState(state: SavedState): void;
}

/** Receives the host's messages and the changes of the connection. */
export interface Receiver {
  /** Called when the page has connected, for the first time or again. The page's state may then be out of date. */
  onOpen(): void;
  /** Called when the connection is lost. The transport reconnects by itself. */
  onClose(): void;
  onMessage(message: unknown): void;
  /** The address of a picture of the shown run; null when none is shown. */
  pictureAddress(step: number, picture: string): string | null;
}
