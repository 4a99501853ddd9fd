import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import { toSamples } from "../../extension/trainer/data/picture";
import { expectDone, ofType } from "../support/commandLine";
import { gpuFor, logicEngines } from "../support/engines";
import { isFull } from "../support/full";
import { wholeImage } from "../support/images";
import { revgan } from "../support/programs";
import { idleBiases, lossDistance, tolerancesOf, updateDistance } from "./distances";
import { type Fixture, fixtureNames, picturesOf, readFixture, tensorsOf, trainingSources } from "./fixtures";

/**
 * `revgan train` and `revgan translate` against PyTorch's steps: command line, decoding and checkpoints with the networks that
 * parity.test.ts holds to the same figures. Here each layout of data is trained on once, and each kind of network translates.
 */
const trainedOn = isFull ? fixtureNames : (["paired", "unpaired", "volumes-unpaired"] as const);
const translating = isFull
  ? fixtureNames.filter((name) => !name.startsWith("volumes"))
  : (["unpaired", "cyclegan", "pix2pix-unet128"] as const);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "revgan-parity-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The fixture's `revgan.json` for an engine. */
function configFile({ name, settings }: Fixture, engine: string): string {
  const file = join(folder, `${name}-${engine}.json`);
  writeFileSync(file, JSON.stringify({ ...settings, engine, gpu: gpuFor(engine) }));
  return file;
}

describe.each(logicEngines)("on %s", (engine) => {
  it.each(trainedOn)("`revgan train` trains %s as PyTorch trains it", async (name) => {
    const fixture = readFixture(name);
    const { losses, file } = fixture;
    const run = join(folder, `${name}-${engine}`);
    const config = configFile(fixture, engine);
    const lines = expectDone(
      await revgan(["train", "--config", config, "--run", run, "--init", file("init"), "--json"]),
    );

    const steps = ofType(lines, "step");
    const tolerances = tolerancesOf(fixture);
    expect(steps).toHaveLength(losses.length);
    for (const [i, { losses: ours }] of steps.entries()) {
      const { error, of } = lossDistance(ours, losses[i]!);
      expect(error, `${of} of step ${i + 1}`).toBeLessThan(tolerances.losses[i]!);
    }
    const { checkpoint } = ofType(lines, "finished")[0]!;
    const ours = tensorsOf(join(checkpoint, "weights.safetensors"));
    const [before, after, gradients] = [
      tensorsOf(file("init")),
      tensorsOf(file("final")),
      tensorsOf(file("gradients")),
    ];
    const moved = updateDistance(ours, { before, after }, idleBiases(gradients));
    expect(moved.error, moved.of).toBeLessThan(tolerances.updates);
  });

  describe.each(translating)(
    "`revgan translate` with PyTorch's weights of %s gives its pictures to within 2 of 255",
    (name) => {
      const fixture = readFixture(name);
      const pictures = picturesOf(fixture);
      const ways = [
        { direction: "AtoB", domain: "a", made: pictures.get("fake_B") },
        { direction: "BtoA", domain: "b", made: pictures.get("fake_A") },
      ] as const;

      it.each(ways.filter(({ made }) => made !== undefined))("$direction", async ({ direction, domain, made }) => {
        const decoder = new DecoderClient();
        try {
          const { file: source, half } = trainingSources(fixture)[domain][0]!;
          const place = join(folder, `${name}-${engine}-${direction}`);
          const input = join(place, "picture.png");
          await decoder.encode((await decoder.decode(wholeImage(source, { half, channels: 3 }))).picture, input);
          const given = ["--weights", fixture.file("final"), "--config", configFile(fixture, engine)];
          expectDone(await revgan(["translate", ...given, "--direction", direction, "--json", input]));

          const { picture } = await decoder.decode(wholeImage(join(place, `picture.${direction}.png`)));
          const { shape, data } = made!;
          expect([1, picture.height, picture.width, picture.channels]).toEqual(shape);
          const [ours, theirs] = [picture.data, data].map((values) => Array.from(toSamples(values, 8)));
          const differences = ours!.map((level, i) => Math.abs(level - theirs![i]!));
          expect(Math.max(...differences)).toBeLessThanOrEqual(2);
        } finally {
          decoder.close();
        }
      });
    },
  );
});
