import { fromJson } from "../../extension/protocol/binaryJson";
import type { FromWebview } from "../../extension/protocol/panel";
import { h } from "../ui/element";
import type { Receiver, Transport } from "./host";

const storageKey = "revgan";

/** Milliseconds before reconnecting after an HTTP error; after a dropped connection EventSource retries sooner by itself. */
const reconnectDelay = 2000;

/** Server-sent events and POST requests to the server of `revgan view`. All addresses are relative: the page's own path holds a secret. */
export function browserTransport(receiver: Receiver): Transport {
  let events = listen();

  function listen(): EventSource {
    const source = new EventSource("events");
    source.addEventListener("open", () => receiver.onOpen());
    source.addEventListener("message", ({ data }: MessageEvent<string>) => receiver.onMessage(parsed(data)));
    source.addEventListener("error", () => {
      receiver.onClose();
      // EventSource does not retry after an HTTP error.
      if (source.readyState === EventSource.CLOSED) setTimeout(reconnect, reconnectDelay);
    });
    return source;
  }

  function reconnect(): void {
    events.close();
    events = listen();
  }

  function post(message: FromWebview): void {
    switch (message.type) {
      case "save":
        saveBytes(message.name, message.base64);
        return;
      case "saveSample": {
        const address = receiver.pictureAddress(message.step, message.picture);
        if (address !== null) downloadFrom(`${message.step}-${message.picture}`, address);
        return;
      }
      case "ready":
      case "show":
      case "compare":
      case "figures":
      case "theory":
      case "configuration":
      case "newRunAtDepth":
      case "act":
        // A lost message is not sent again. After reconnecting, the page posts `ready` and gets the whole state, so the user sees that the
        // action had no effect.
        fetch("message", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(message),
        }).catch(() => {
          receiver.onClose();
          setTimeout(reconnect, reconnectDelay);
        });
    }
  }

  return {
    post,
    savedState: () => parsed(ifAllowed(() => sessionStorage.getItem(storageKey)) ?? "null"),
    saveState: (state) => ifAllowed(() => sessionStorage.setItem(storageKey, JSON.stringify(state))),
  };
}

/** Calls `use`, which accesses storage. A browser may forbid storage: then the result is undefined, and a reload shows the first run. */
function ifAllowed<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return fromJson(text);
  } catch {
    return undefined;
  }
}

/** Downloads a file that the page made. */
function saveBytes(name: string, base64: string): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes]));
  downloadFrom(name, address);
  // The URL must last until the download has started, for which 60 s are allowed; from then on the download itself keeps the bytes.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Downloads a file of the server. */
function downloadFrom(name: string, address: string): void {
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
}
