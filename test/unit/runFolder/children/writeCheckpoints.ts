/** Writes checkpoints without end, each under a rising step or, with "same", again and again under one; killed by the test. */
import { encodeSafetensors } from "../../../../extension/trainer/interop/safetensors";
import { latestWhole, writeCheckpoint } from "../../../../extension/runFolder/checkpoints";

const [run = "", order] = process.argv.slice(2);

async function main(): Promise<void> {
  const { checkpoint } = await latestWhole(run);
  const first = checkpoint?.step ?? 0;
  for (let number = 1; ; number++) {
    const weights = encodeSafetensors(
      new Map([["w", { shape: [50_000], data: new Float32Array(50_000).fill(number) }]]),
    );
    const files = new Map<string, string | Uint8Array>([
      ["weights.safetensors", weights],
      ["optimizer.safetensors", weights],
      ["state.json", `{ "step": ${number} }\n`],
    ]);
    await writeCheckpoint(run, order === "same" ? 7 : first + number, files, { keep: 2 });
    process.send?.("written");
  }
}

void main();
