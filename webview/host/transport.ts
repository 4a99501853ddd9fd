import type { Host } from "./host";

/** What a page keeps over a reload. */
export interface Remembered {
  readonly version: number;
  readonly run: string | null;
}

/** The way to the host, and the little that lasts when the page does not. */
export interface Transport extends Host {
  /** Undefined when nothing was kept, or nothing that can be read. */
  remembered(): unknown;
  remember(state: Remembered): void;
}

/** Who gets what comes from the host. */
export interface Receiver {
  /** The way is open, for the first time or again: whatever was known may be old. */
  opened(): void;
  /** The way broke; it is tried again. */
  lost(): void;
  received(message: unknown): void;
  /** Where a picture of the shown run is; null when none is shown. */
  pictureAddress(step: number, picture: string): string | null;
}
