import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { RevganError } from "../../protocol/errors";
import { writeFileAtomic } from "../../files/atomic";
import { explainingDiskErrors } from "../../files/diskErrors";
import { safetensorsPieces } from "../interop/safetensors";
import { exportEvents } from "../tensorboard/exportEvents";
import { rejectPositionals } from "./arguments";
import type { Command } from "./command";
import { weightsOfRun } from "../training/checkpointFiles";

const help = "see `revgan export --help`";

/** Writes a run in a format to a path. */
type Writer = (run: string, out: string, warn: (text: string) => void) => Promise<void>;

const writers: Readonly<Record<string, Writer>> = {
  async pytorch(run, out, warn) {
    const { tensors } = await weightsOfRun(run, warn);
    await explainingDiskErrors(out, undefined, () => mkdir(dirname(out), { recursive: true }));
    await writeFileAtomic(out, safetensorsPieces(tensors));
  },
  tensorboard: exportEvents,
};

/** `revgan export`. */
export const exportRun: Command = {
  summary: "writes a run's weights or its course for other programs",
  help: `revgan export --run RUN --format FORMAT --out PATH

  --run RUN       the run, also one that is being trained
  --format        pytorch: the weights of the latest checkpoint, a safetensors file with the names and shapes of the authors' PyTorch
                  code
                  tensorboard: losses, validations, memory, samples and configuration, as an event file of TensorBoard
  --out PATH      the file to write, an existing one is replaced as a whole; for tensorboard a folder, where the event file of an
                  earlier export is replaced`,
  options: { run: { type: "string" }, format: { type: "string" }, out: { type: "string" } },
  async run(given, { output }) {
    rejectPositionals(given.positionals, "export");
    const [run, format, out] = [given.value("run"), given.value("format"), given.value("out")];
    if (run === undefined || out === undefined) throw new RevganError("usage", "export needs --run and --out", help);
    const write = format !== undefined && Object.hasOwn(writers, format) ? writers[format] : undefined;
    if (write === undefined) {
      const known = Object.keys(writers).join(" or ");
      throw new RevganError("usage", `--format must be ${known}, not ${format ?? "missing"}`, help);
    }
    await write(resolve(run), out, (text) => output.warn(text));
    output.result(out);
    return 0;
  },
};
