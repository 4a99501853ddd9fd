import type { FromWebview } from "../../extension/protocol/panel";

/** Who answers the page: VS Code's extension host, or the server of `revgan view`. */
export interface Host {
  /** Sends a message; answers come as messages. */
  post(message: FromWebview): void;
}
