import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Line, parseLine } from "../../extension/protocol/lines";
import type { Report } from "./report";
import { median } from "./statistics";

const program = join(import.meta.dirname, "cli.js");
const samples = resolve("media", "samples");

/** Configurations from small ones up to the paper's; large ones train only a few steps. */
const cases: readonly { readonly what: string; readonly steps: number; readonly config: object }[] = [
  {
    what: "64², width 16, 4 blocks, paired",
    steps: 15,
    config: configOf("nuclei-labels", 64, { width: 16, depth: 4, discriminator: { width: 32 } }, "paired"),
  },
  {
    what: "64², width 16, 4 blocks, unpaired",
    steps: 10,
    config: configOf("nuclei-labels", 64, { width: 16, depth: 4, discriminator: { width: 32 } }),
  },
  {
    what: "128², width 32, 6 blocks, unpaired",
    steps: 5,
    config: configOf("nuclei-labels", 128, { width: 32, depth: 6 }),
  },
  {
    what: "256², width 64, 9 blocks, unpaired",
    steps: 3,
    config: configOf("nuclei-labels", 256, { width: 64, depth: 9 }),
  },
  {
    what: "48 × 64 × 64 voxels, width 8, 1 block, paired",
    steps: 5,
    config: {
      ...configOf(
        "brain-mini",
        0,
        { dimensions: 3, inputChannels: 1, outputChannels: 1, width: 8, depth: 1, discriminator: { width: 4 } },
        "paired",
      ),
      data: { path: join(samples, "brain-mini"), folders: { a: "lr", b: "hr" }, cropSize: [48, 64, 64] },
    },
  },
];

function configOf(data: string, side: number, network: object, mode = "unpaired"): object {
  return { mode, network, data: { path: join(samples, data), loadSize: side, cropSize: side } };
}

/** Compares the seconds per step that `revgan plan` estimates, without earlier runs, with those of a training, on both engines. */
export function estimates(folder: string): Promise<Report> {
  const found = cases.flatMap(({ what, steps, config }) =>
    (["native", "wasm"] as const)
      // On WASM a step of the largest configuration takes minutes.
      .filter((engine) => engine === "native" || !what.startsWith("256"))
      .map((engine) => {
        const file = join(folder, "estimated.json");
        writeFileSync(file, JSON.stringify({ ...config, engine }));
        const [plan] = linesOf(folder, ["plan", "--as-written", "--config", file], "plan");
        const run = join(folder, `${engine} ${what}`);
        const trained = linesOf(
          folder,
          [
            "train",
            "--config",
            file,
            "--run",
            run,
            "--set",
            `training.maxSteps=${steps + 2}`,
            "--set",
            "training.sampleEvery=0",
          ],
          "step",
        );
        // The first steps take longer, because they also allocate and plan.
        const measured = median(trained.slice(2).map(({ seconds }) => seconds));
        const peak = Math.max(...trained.map(({ bytes }) => bytes.peak));
        return { what, engine, estimated: plan!.secondsPerStep, measured, plannedPeak: plan!.peakBytes, peak };
      }),
  );
  const ratios = found.map(({ estimated, measured }) => Math.max(estimated / measured, measured / estimated));
  return Promise.resolve({
    title: "seconds a step, estimated beside measured",
    head: ["", "engine", "estimated", "measured", "estimated / measured", "peak, of the planned"],
    rows: found.map(({ what, engine, estimated, measured, plannedPeak, peak }) => [
      what,
      engine,
      estimated.toPrecision(3),
      measured.toPrecision(3),
      (estimated / measured).toFixed(2),
      (peak / plannedPeak).toFixed(3),
    ]),
    findings: [
      { what: "largest error of an estimate, as a factor", value: Math.max(...ratios), atMost: 1.3 },
      {
        what: "peaks on TensorFlow that are not the planned ones to the byte",
        value: found.filter(({ engine, plannedPeak, peak }) => engine === "native" && peak !== plannedPeak).length,
        atMost: 0,
      },
    ],
    charts: [],
    raw: found,
  });
}

function linesOf<Type extends Line["type"]>(
  cwd: string,
  args: readonly string[],
  type: Type,
): Extract<Line, { type: Type }>[] {
  const output = execFileSync(process.execPath, [program, ...args, "--json"], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 26,
  });
  return output
    .trim()
    .split("\n")
    .map(parseLine)
    .filter((line): line is Extract<Line, { type: Type }> => line.type === type);
}
