import { asSentence, RevganError } from "../../protocol/errors";
import type { EngineLine } from "../../protocol/lines";
import { engineStatus, mpiStatus, statusOf } from "../engines/engineStatus";
import { formatBytes } from "../formatBytes";
import { installMpi } from "../engines/install/installMpi";
import type { InstallProgress } from "../engines/install/progress";
import { installNative } from "../engines/install/installNative";
import { installWebGpu } from "../engines/install/installWebGpu";
import { wgpuText } from "../engines/installedWebGpu";
import { removeNative } from "../engines/install/removeNative";
import type { GivenArguments } from "./arguments";
import type { Command, CommandContext } from "./command";
import { engineTable } from "./engineTable";
import { InstallView } from "./installView";
import type { Output } from "./output";

const actions = ["status", "install", "remove"] as const;

/** `revgan engine`. */
export const engine: Command = {
  summary: "tells which engines work here, and fetches one",
  help: `revgan engine [status | install [--gpu | --webgpu] [--from PATH] | install --mpi [PATH] | remove] [--json]

  status          which engines work here, and why not (the default)
  install         fetches TensorFlow for this machine into a folder that all projects share
  --gpu           fetches TensorFlow for NVIDIA's GPUs, with CUDA and cuDNN; only their driver must be there
  --webgpu        fetches wgpu-native, which computes on GPUs of any maker by their own drivers (3.5 MB)
  --from PATH     installs from a TensorFlow wheel, a folder with TensorFlow, for --gpu a folder with all
                  wheels, or for --webgpu its wheel, without network
  --mpi [PATH]    sets up MPI, so that \`mpiexec -n 4 revgan train …\` trains on several processes or machines:
                  that of this machine (its mpicxx on the PATH, or PATH: its folder), else MPICH, fetched
  remove          deletes what install fetched
  --json          prints a JSON object a line`,
  options: {
    from: { type: "string" },
    gpu: { type: "boolean" },
    webgpu: { type: "boolean" },
    mpi: { type: "boolean" },
  },
  async run(given, context) {
    const [word = "status", ...rest] = given.positionals;
    const action = actions.find((each) => each === word);
    const takesPath = action === "install" && given.flag("mpi");
    if (action === undefined || rest.length > (takesPath ? 1 : 0))
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
    const lines = [...(await engineStatus(process.env, signal)), await mpiStatus(process.env, signal)];
    for (const line of lines) output.line(line);
    for (const row of engineTable(lines)) output.result(row);
  },

  async install(given, context) {
    const chosen = ["gpu", "webgpu", "mpi"].filter((name) => given.flag(name));
    if (chosen.length > 1)
      throw new RevganError(
        "usage",
        `--${chosen.join(" and --")} exclude each other`,
        "run the command once for each of them",
      );
    if (given.flag("mpi")) return installMpiFor(given, context);
    if (given.flag("webgpu")) return installWebGpuFor(given, context);
    const { output, signal } = context;
    const name = given.flag("gpu") ? "native-gpu" : "native";
    try {
      const installed = await installNative({
        engine: name,
        from: given.value("from"),
        signal,
        ...watching(output, name),
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
      for (const name of ["native", "native-gpu", "webgpu"] as const)
        output.line(await statusOf(name, process.env, signal));
    output.result(
      folders.length === 0 && bytes === 0
        ? "No engine is installed"
        : `Removed ${folders.length === 0 ? "an unfinished download" : folders.join(", ")}: ${formatBytes(bytes)} are free again`,
    );
  },
};

/** Handles `install --mpi`. The path of the MPI to use is the second positional argument, or the value of `--from`. */
async function installMpiFor(given: GivenArguments, { output, signal }: CommandContext): Promise<void> {
  try {
    const installed = await installMpi({
      from: given.positionals[1] ?? given.value("from"),
      signal,
      ...watching(output, "mpi"),
    });
    output.keepProgress();
    if (output.json) output.line(await mpiStatus(process.env, signal));
    output.result(
      `${installed.alreadyInstalled ? "Already installed" : "Installed"}: ${installed.name}; start trainings with \`${installed.mpiexec ?? "mpiexec"} -n 2 revgan train …\``,
    );
  } finally {
    output.keepProgress();
  }
}

async function installWebGpuFor(given: GivenArguments, { output, signal }: CommandContext): Promise<void> {
  try {
    const { alreadyInstalled, version, library, probe } = await installWebGpu({
      from: given.value("from"),
      signal,
      ...watching(output, "webgpu"),
    });
    output.keepProgress();
    if (output.json) output.line(await statusOf("webgpu", process.env, signal));
    const found = probe.works ? probe.device : `${probe.reason}; ${probe.remedy}`;
    output.result(
      `${alreadyInstalled ? "Already installed" : "Installed"}: ${wgpuText(version)}, in ${library}. ${asSentence(found)}`,
    );
  } finally {
    output.keepProgress();
  }
}

/** Shows an installation's progress, or prints it as lines. */
function watching(
  output: Output,
  name: EngineLine["name"],
): { onProgress: (progress: InstallProgress) => void; onNotice: (text: string) => void } {
  const view = new InstallView(output);
  return {
    onProgress: (progress) => {
      if (output.json) output.line({ type: "engineProgress", name, ...progress });
      else view.show(progress);
    },
    onNotice: (text) => {
      output.keepProgress();
      output.warn(text);
    },
  };
}
