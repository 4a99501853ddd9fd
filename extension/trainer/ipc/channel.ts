import { type HostMessage, parseHostMessage, type TrainerMessage } from "../../protocol/trainer";

/** The IPC channel to the process that forked this one. */
export class Channel {
  /**
   * @param onMessage called with every message of the host
   * @param onDisconnect called once, when the host has closed the channel or ended
   */
  constructor(onMessage: (message: HostMessage) => void, onDisconnect: () => void) {
    process.on("message", (value) => onMessage(parseHostMessage(value)));
    process.once("disconnect", onDisconnect);
  }

  /** Sends a message. A message to a host that has ended is dropped, because the run folder has everything about a training, too. */
  send(message: TrainerMessage): void {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  }

  /** Closes the channel, because an open one keeps the process alive. */
  close(): void {
    if (process.connected) process.disconnect();
  }
}
