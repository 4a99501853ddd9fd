import { type HostMessage, parseHostMessage, type TrainerMessage } from "../../protocol/trainer";

/** The way to the process that forked this one. */
export class Channel {
  /**
   * @param receive takes every message of the host
   * @param lost told once, when the host is gone
   */
  constructor(receive: (message: HostMessage) => void, lost: () => void) {
    process.on("message", (value) => receive(parseHostMessage(value)));
    process.once("disconnect", lost);
  }

  /** A host that is gone hears nothing; what it missed is in the run folder. */
  send(message: TrainerMessage): void {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  }

  /** Lets the process end when its work is done. */
  close(): void {
    if (process.connected) process.disconnect();
  }
}
