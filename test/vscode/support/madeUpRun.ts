import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../../../extension/configuration/config";
import { runFile, stepLine, writeRunFolder } from "../../unit/runFolder/runOnDisk";

/** Writes a run of one step that was evaluated. Returns its folder. */
export function madeUpRun(parent: string, name: string, network: object, mae: number): string {
  const config = parseConfig({ network, data: { path: "/maps" } }, "");
  const run = writeRunFolder(parent, name, runFile({ name, config }));
  appendFileSync(join(run, "metrics.jsonl"), `${JSON.stringify(stepLine(1))}\n`);
  mkdirSync(join(run, "evaluation"));
  for (const direction of ["AtoB", "BtoA"])
    writeFileSync(
      join(run, "evaluation", `test-${direction}.json`),
      JSON.stringify({ type: "evaluation", direction, images: 3, metrics: { mae, psnr: 20, ssim: 0.5 }, perImage: [] }),
    );
  return run;
}
