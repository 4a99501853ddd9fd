import { appendFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectDone, readRunFile, train } from "../../support/commandLine";
import { evaluated } from "../../support/evaluation";
import { noise, writeTree } from "../../support/images";

/** Names that would run a script, load a picture or end an element if they were taken for more than text. */
export const hostile = {
  run: `<script>document.title="run"<!--`,
  a: `"><img src=x onerror=alert(1)>`,
  b: `</title></style><script>b()</script>`,
  file: `' onload='alert(2)' <svg onload=x>`,
  folder: `<iframe srcdoc=&lt;p&gt;>`,
  device: `</style><style>body{display:none}</style>`,
  loss: `<link rel=stylesheet href=data:,>`,
  credits: `</pre><script>credits()</script> \u202e CC BY-SA 4.0`,
} as const;

/** Two trained and evaluated runs with such names in every place that a report shows. Returns their folders. */
export async function hostileRuns(folder: string): Promise<[string, string]> {
  const data = writeTree(join(folder, hostile.folder), {
    "train/1.png": noise(1, 36, 80),
    "train/2.png": noise(2, 36, 80),
    [`test/${hostile.file.replaceAll("/", "")}.png`]: noise(3, 36, 80),
    "test/4.png": noise(4, 36, 80),
    "CREDITS.md": hostile.credits,
  });
  const run = join(folder, hostile.run);
  const names = { "data.names": { a: hostile.a, b: hostile.b } };
  expectDone(await train(data, run, { mode: "paired", "training.sampleEvery": 1, ...names }));
  await evaluated(run);
  const content = readRunFile(run);
  writeFileSync(
    join(run, "run.json"),
    JSON.stringify({ ...content, engine: { name: "wasm", version: hostile.device, device: hostile.device } }),
  );
  const metrics = join(run, "metrics.jsonl");
  const last = JSON.parse(readFileSync(metrics, "utf8").trim().split("\n").at(-1)!) as { losses: object };
  appendFileSync(metrics, `${JSON.stringify({ ...last, step: 3, losses: { ...last.losses, [hostile.loss]: 1 } })}\n`);
  const second = join(folder, "second");
  cpSync(run, second, { recursive: true });
  return [run, second];
}
