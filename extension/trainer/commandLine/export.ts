import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { RevganError } from "../../protocol/errors";
import { writeFileAtomic } from "../../files/atomic";
import { explainingDiskErrors } from "../../files/diskErrors";
import { safetensorsPieces } from "../interop/safetensors";
import { rejectPositionals } from "./arguments";
import type { Command } from "./command";
import { weightsOfRun } from "../training/checkpointFiles";

const help = "see `revgan export --help`";

/** `revgan export`. */
export const exportWeights: Command = {
  summary: "writes a run's weights for other programs",
  help: `revgan export --run RUN --format pytorch --out FILE

  --run RUN       the run, whose latest checkpoint is exported
  --format        pytorch: a safetensors file with the names and shapes of the authors' PyTorch code
  --out FILE      the file to write; an existing one is replaced as a whole`,
  options: { run: { type: "string" }, format: { type: "string" }, out: { type: "string" } },
  async run(given, { output }) {
    rejectPositionals(given.positionals, "export");
    const [run, format, out] = [given.value("run"), given.value("format"), given.value("out")];
    if (run === undefined || out === undefined) throw new RevganError("usage", "export needs --run and --out", help);
    if (format !== "pytorch")
      throw new RevganError("usage", `--format must be pytorch, not ${format ?? "missing"}`, help);
    const { tensors } = await weightsOfRun(run, (text) => output.warn(text));
    await explainingDiskErrors(out, undefined, () => mkdir(dirname(out), { recursive: true }));
    await writeFileAtomic(out, safetensorsPieces(tensors));
    output.result(out);
    return 0;
  },
};
