import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { runNames } from "../../comparison/runNames";
import { writeFileAtomic } from "../../files/atomic";
import { explainingDiskErrors } from "../../files/diskErrors";
import { RevganError } from "../../protocol/errors";
import { DecoderClient } from "../data/decoder/decoderClient";
import { htmlReport } from "../report/htmlReport";
import { modelCard } from "../report/modelCard";
import { Pictures } from "../report/pictures";
import { readReportedRun } from "../report/reportedRun";
import type { Command } from "./command";
import { runsOf } from "./compare";

const help = "see `revgan report --help`";

/** `revgan report`. */
export const report: Command = {
  summary: "writes what a run did, or several side by side, as one file to send or to print",
  help: `revgan report RUN… --out FILE.html|FILE.md

  RUN…            the runs, also a folder of runs, as that of a sweep
  --out FILE      the file to write; an existing one is replaced as a whole
                  .html: samples, quality with the worst cases, curves, memory, data, configuration, environment, how to get it again;
                  of several runs also a comparison. One file that loads nothing
                  .md: of one run a model card in Markdown, with licence and origin of its data where they are known

Nothing in it tells where on this machine runs and data are.`,
  options: { out: { type: "string" } },
  async run(given, { output, signal }) {
    const out = given.value("out");
    if (given.positionals.length === 0 || out === undefined)
      throw new RevganError("usage", "report needs run folders and --out", help);
    const ending = /\.(html?|md)$/i.exec(out)?.[1]?.toLowerCase();
    if (ending === undefined) throw new RevganError("usage", `--out must end with .html or .md, not ${out}`, help);
    const folders = [...(await runsOf(given.positionals))];
    if (ending === "md" && folders.length > 1)
      throw new RevganError("usage", "a model card is of one run", "name one, or write an .html file");
    const decoder = new DecoderClient({ code: "input" });
    try {
      const names = runNames(folders);
      const runs = [];
      for (const [i, folder] of folders.entries()) {
        const run = await readReportedRun(folder, decoder, (text) => output.warn(text), signal);
        runs.push({ ...run, name: names[i]! });
      }
      const now = new Date();
      const text =
        ending === "md" ? modelCard(runs[0]!, now) : await htmlReport(runs, new Pictures(decoder, signal), now);
      signal.throwIfAborted();
      await explainingDiskErrors(out, undefined, () => mkdir(dirname(resolve(out)), { recursive: true }));
      await writeFileAtomic(out, text);
      output.result(out);
    } finally {
      decoder.close();
    }
    return 0;
  },
};
