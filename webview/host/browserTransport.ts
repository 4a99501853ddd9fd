import { fromJson } from "../../extension/protocol/binaryJson";
import type { FromWebview } from "../../extension/protocol/panel";
import { saveAddress, saveBytes } from "./download";
import type { Receiver, Transport } from "./transport";

const key = "revgan";

/** Milliseconds until a server that refused is asked again; a broken connection the browser itself mends sooner. */
const patience = 2000;

/** Events and requests of a page that `revgan view` serves. All addresses are relative: the page's own has a secret part. */
export function browserTransport(receiver: Receiver): Transport {
  let events = listen();

  function listen(): EventSource {
    const source = new EventSource("events");
    source.addEventListener("open", () => receiver.opened());
    source.addEventListener("message", ({ data }: MessageEvent<string>) => receiver.received(parsed(data)));
    source.addEventListener("error", () => {
      receiver.lost();
      // The browser gives up after an answer that is none.
      if (source.readyState === EventSource.CLOSED) setTimeout(reconnect, patience);
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
        if (address !== null) saveAddress(`${message.step}-${message.picture}`, address);
        return;
      }
      case "ready":
      case "show":
      case "compare":
      case "figures":
      case "theory":
      case "act":
        // With the events come a new `ready` and the whole state: a message that was lost shows in what it did not change.
        fetch("message", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(message),
        }).catch(() => {
          receiver.lost();
          setTimeout(reconnect, patience);
        });
    }
  }

  return {
    post,
    remembered: () => parsed(ifAllowed(() => sessionStorage.getItem(key)) ?? "null"),
    remember: (state) => ifAllowed(() => sessionStorage.setItem(key, JSON.stringify(state))),
  };
}

/** Browsers may keep pages from storing anything: a reload then shows the first run again, and nothing else is lost. */
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
