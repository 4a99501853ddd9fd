import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pairedBenchmarks, runPairedBenchmark } from "./pairedBenchmarks";
import { writePictures, writeVolumes } from "./pictures";
import { type Report, reportPicture, reportText } from "./report";
import { trainerBenchmarks } from "./trainerBenchmarks";

/** Parts that are measured only if they are named on the command line, because they need a GPU. */
const needGpu = new Set(["webgpu", "gpu"]);

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    side: { type: "string", default: "256" },
    width: { type: "string", default: "64" },
    depth: { type: "string", default: "9" },
    gpu: { type: "string" },
  },
});

/**
 * `npm run bench [-- PART…]`: measures our trainer and PyTorch alternately on this machine. The part `webgpu` has options for the size of
 * pictures and network and for a part of the GPU's name: `-- webgpu --side 64 --width 16 --depth 9 --gpu llvmpipe`.
 */
async function main(): Promise<void> {
  const [python, ...wanted] = positionals;
  const [side, width, depth] = [values.side, values.width, values.depth].map(Number) as [number, number, number];
  const names = [...Object.keys(pairedBenchmarks), ...Object.keys(trainerBenchmarks)];
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}; there are ${names.join(", ")}`);
  const machine = {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? "unknown",
    node: process.versions.node,
  };
  process.stdout.write(`${machine.cores} cores, ${machine.processor}, Node ${machine.node}\n`);
  const folder = mkdtempSync(join(tmpdir(), "revgan-bench-"));
  const reports: Report[] = [];
  try {
    for (const name of names) {
      if (wanted.length > 0 ? !wanted.includes(name) : needGpu.has(name)) continue;
      const benchmark = pairedBenchmarks[name];
      const report =
        benchmark === undefined
          ? await trainerBenchmarks[name]!(folder, { side, width, depth, gpu: values.gpu ?? null })
          : await runPairedBenchmark(
              benchmark,
              await (benchmark.workload.dimensions === 3 ? writeVolumes : writePictures)(
                folder,
                benchmark.workload.side,
                8,
              ),
              python!,
            );
      process.stdout.write(reportText(report));
      reports.push(report);
      // The files are written after each part, so that an aborted bench keeps the results so far.
      writeFileSync(join(import.meta.dirname, "bench.json"), `${JSON.stringify({ machine, reports }, null, 2)}\n`);
      writeFileSync(join(import.meta.dirname, "bench.svg"), reportPicture(reports));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
