import { RevganError } from "../../protocol/errors";
import { runEngineCommand } from "../engines/command";
import type { Command } from "./command";

const actions = ["status", "install", "remove"] as const;

/** `revgan engine`. */
export const engine: Command = {
  summary: "tells which engines work here, and fetches one",
  help: `revgan engine [status | install [--gpu] [--from PATH] | remove] [--json]

  status          which engines work here, and why not (the default)
  install         fetches TensorFlow for this machine into a folder that all projects share
  --gpu           fetches TensorFlow for NVIDIA's GPUs, with CUDA and cuDNN; only their driver must be there
  --from PATH     installs from a TensorFlow wheel, a folder with TensorFlow, or for --gpu a folder with all
                  wheels, without network
  remove          deletes what install fetched
  --json          prints a JSON object a line`,
  options: { from: { type: "string" }, gpu: { type: "boolean" } },
  async run(given, { output, signal }) {
    const [word = "status", ...rest] = given.positionals;
    const action = actions.find((each) => each === word);
    if (action === undefined || rest.length > 0)
      throw new RevganError(
        "usage",
        `engine does not know ${given.positionals.join(" ")}`,
        "see `revgan engine --help`",
      );
    const from = given.value("from");
    return runEngineCommand(
      {
        action,
        json: output.json,
        gpu: given.flag("gpu"),
        verbose: given.flag("verbose"),
        ...(from === undefined ? {} : { from }),
      },
      {
        out: (line) => process.stdout.write(`${line}\n`),
        err: (line) => output.warn(line),
        redraw: (text) => process.stderr.write(text),
        signal,
        isTTY: output.isTerminal,
      },
    );
  },
};
