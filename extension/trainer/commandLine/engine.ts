import { RevganError } from "../../protocol/errors";
import { engineStatus, statusOf } from "../engines/engineStatus";
import { formatBytes } from "../formatBytes";
import { installNative } from "../engines/install/installNative";
import { removeNative } from "../engines/install/removeNative";
import type { GivenArguments } from "./arguments";
import type { Command, CommandContext } from "./command";
import { engineTable } from "./engineTable";
import { InstallView } from "./installView";

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
  async run(given, context) {
    const [word = "status", ...rest] = given.positionals;
    const action = actions.find((each) => each === word);
    if (action === undefined || rest.length > 0)
      throw new RevganError(
        "usage",
        `engine does not know ${given.positionals.join(" ")}`,
        "see `revgan engine --help`",
      );
    await perform[action](given, context);
    return 0;
  },
};

const perform: Record<(typeof actions)[number], (given: GivenArguments, context: CommandContext) => Promise<void>> = {
  async status(_, { output, signal }) {
    const lines = await engineStatus(process.env, signal);
    for (const line of lines) output.line(line);
    for (const row of engineTable(lines)) output.result(row);
  },

  async install(given, { output, signal }) {
    const name = given.flag("gpu") ? "native-gpu" : "native";
    const view = new InstallView(output);
    try {
      const installed = await installNative({
        engine: name,
        from: given.value("from"),
        signal,
        onProgress: (progress) => {
          if (output.json) output.line({ type: "engineProgress", name, ...progress });
          else view.show(progress);
        },
        onNotice: (text) => {
          output.keepProgress();
          output.warn(text);
        },
      });
      output.keepProgress();
      if (output.json) output.line(await statusOf(name, process.env, signal));
      const { alreadyInstalled, version, device, bindingPath } = installed;
      output.result(
        `${alreadyInstalled ? "Already installed" : "Installed"}: TensorFlow ${version}, ${device}, in ${bindingPath}`,
      );
    } finally {
      output.keepProgress();
    }
  },

  async remove(_, { output, signal }) {
    const { folders, bytes } = await removeNative();
    if (output.json)
      for (const name of ["native", "native-gpu"] as const) output.line(await statusOf(name, process.env, signal));
    output.result(
      folders.length === 0 && bytes === 0
        ? "No engine is installed"
        : `Removed ${folders.length === 0 ? "an unfinished download" : folders.join(", ")}: ${formatBytes(bytes)} are free again`,
    );
  },
};
