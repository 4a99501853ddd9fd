import { RevganError } from "../protocol/errors";
import { Viewer } from "./viewer";
import type { ViewerMessage, ViewRequest } from "./viewerProtocol";
import { watchRuns } from "./watchedRuns";

/** The server of `revgan view`, in a process of its own: forked by the command, and gone with it. */

let viewer: Viewer | null = null;
let lastWarning = "";

function tell(message: ViewerMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/** What goes wrong at every look at the disk is told once. */
function warn(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  if (text !== lastWarning) tell({ type: "warning", text });
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
  tell({ type: "listening", address, folder: watched.folder });
  // Told to end while it began.
  if (!process.connected) end();
}

process.once("message", (request: ViewRequest) => {
  serve(request).catch((error: unknown) => {
    const remedy = "run it again with --verbose and report what it prints";
    tell({ type: "failed", error: RevganError.from(error, remedy, "the viewer failed: ").failure });
    end();
  });
});
process.once("disconnect", end);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
