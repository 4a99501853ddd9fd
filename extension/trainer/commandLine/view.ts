import { RevganError } from "../../protocol/errors";
import { rejectPositionals } from "./arguments";
import type { Command } from "./command";
import { runViewer } from "./viewerProcess";

/** `revgan view`. */
export const view: Command = {
  summary: "shows the training panel in a browser, while others train",
  help: `revgan view [RUN] [--port N]

  RUN             the run to show first, beside the others in its folder; without it all runs in .revgan/runs
  --port N        serve there; without it on a free port

Prints the address to open in a browser of this machine. It has a secret part: who does not know it sees nothing. Runs that are
being trained are seen live. Serves until Ctrl-C, which is how it ends: the exit code is then 0.`,
  options: { port: { type: "string" } },
  async run(given, { output, signal }) {
    const [run = null, ...rest] = given.positionals;
    rejectPositionals(rest, "view");
    const port = given.value("port");
    await runViewer(
      { cwd: process.cwd(), run, port: port === undefined ? null : portOf(port) },
      {
        listening: ({ address, folder }) => {
          output.note(`The runs in ${folder}, until Ctrl-C, at`);
          output.result(address);
          // With --json stdout may have only lines of the JSON format, which has none for an address, so the address goes to stderr.
          if (output.json) output.warn(address);
        },
        warning: (text) => output.warn(text),
        signal,
      },
    );
    return 0;
  },
};

/** @throws RevganError `usage` where the word is not a port number */
function portOf(word: string): number {
  const port = /^\d{1,5}$/.test(word) ? Number(word) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new RevganError(
    "usage",
    `--port must be a number from 1 to 65535, not ${word}`,
    "write for example --port 8080, or leave it out for a free one",
  );
}
