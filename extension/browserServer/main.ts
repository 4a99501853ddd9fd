import { RevganError } from "../protocol/errors";
import { Viewer } from "./viewer";
import type { ViewerMessage, ViewRequest } from "./viewerProtocol";
import { watchRuns } from "./watchedRuns";

/** The main program of the server of `revgan view`: a process that the command forks, and that ends when the command ends. */

let viewer: Viewer | null = null;
let lastWarning = "";

function send(message: ViewerMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/** Reports an error to the command; the same error as the last one, for example at every refresh, is not repeated. */
function warn(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  if (text !== lastWarning) send({ type: "warning", text });
  lastWarning = text;
}

function end(): void {
  viewer?.close();
  if (process.connected) process.disconnect();
}

async function serve({ port, ...request }: ViewRequest): Promise<void> {
  const watched = await watchRuns(request, warn);
  viewer = new Viewer(watched, warn);
  const address = await viewer.listen(port);
  send({ type: "listening", address, folder: watched.folder });
  // Disconnected already: the command ended while the server was starting.
  if (!process.connected) end();
}

process.once("message", (request: ViewRequest) => {
  serve(request).catch((error: unknown) => {
    const remedy = "run it again with --verbose and report what it prints";
    send({ type: "failed", error: RevganError.from(error, remedy, "the viewer failed: ").failure });
    end();
  });
});
process.once("disconnect", end);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
