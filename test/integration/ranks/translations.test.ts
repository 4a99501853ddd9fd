import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EvaluationLine, ValidationLine } from "../../../extension/protocol/lines";
import { pathIn, stepFolder } from "../../../extension/runFolder/paths";
import { brains, volumes } from "../../support/brains";
import {
  expectDone,
  expectRefused,
  filesBelow,
  folderHashes,
  metricsOf,
  ofType,
  readRunFile,
  resume,
  sets,
  sharedFolder,
  tiny,
  train,
} from "../../support/commandLine";
import { extent, isFull } from "../../support/full";
import { noise, pngBytes, type TestImage, writeTree } from "../../support/images";
import { cliProgram, ended, type Ended } from "../../support/programs";
import { onRanks } from "../../support/ranks";

const folder = sharedFolder();

/** At `still` no weight changes any more. */
const [moving, still] = [0.01, 1e-30];

const settings = {
  ...tiny,
  engine: "native",
  "training.batchSize": 4,
  "training.maxSteps": 2,
  "training.learningRate": moving,
  "training.sampleEvery": 1,
  "training.validateEvery": 1,
};

type Values = Readonly<Record<string, unknown>>;

/** The number of threads changes the order of TensorFlow's sums. */
const oneThread = { TF_NUM_INTRAOP_THREADS: "1" };

function trainOnRanks(ranks: number, data: string, run: string, values: Values): Promise<Ended> {
  return onRanks(ranks, ["train", "--json", "--data", data, "--run", run, ...sets({ ...settings, ...values })]);
}

const validationsOf = (run: string): ValidationLine[] => ofType(metricsOf(run), "validation");

/** The samples of a step, and their figures. */
function samplesOf(run: string, step: number): Record<string, string> {
  const samples = stepFolder(run, "samples", step);
  return { ...folderHashes(samples), figures: readFileSync(`${samples}.json`, "utf8") };
}

/** A copy of a run whose last validation has not been made yet. */
function unvalidated(run: string, name: string): string {
  const copy = join(folder, name);
  cpSync(run, copy, { recursive: true });
  const lines = readFileSync(pathIn(run, "metrics"), "utf8").trimEnd().split("\n");
  expect(lines.at(-1)).toContain('"validation"');
  writeFileSync(pathIn(copy, "metrics"), `${lines.slice(0, -1).join("\n")}\n`);
  return copy;
}

function pictures(path: string, sizes: readonly (readonly [height: number, width: number])[]): [string, TestImage][] {
  return sizes.map(([height, width], i) => [`${path}${i}.png`, noise(i, height, width)]);
}

const pair: readonly [number, number] = [36, 80];
const paired = {
  ...Object.fromEntries(pictures("train/", [pair, pair])),
  ...Object.fromEntries(pictures("val/", [pair, [40, 96], pair])),
};
const unpaired = {
  ...Object.fromEntries(["A", "B"].flatMap((domain) => pictures(`train${domain}/`, [[36, 40]]))),
  ...Object.fromEntries(
    pictures("valA/a", [
      [40, 36],
      [44, 60],
      [32, 36],
      [36, 48],
      [52, 40],
    ]),
  ),
  ...Object.fromEntries(
    pictures("valB/b", [
      [36, 40],
      [48, 40],
    ]),
  ),
};

/** Two of them are validated on. */
function heads(): Record<string, Buffer> {
  const from = { "train/1": "train/IXI012", "val/2": "val/IXI048", "val/3": "test/IXI049" };
  return Object.fromEntries(
    Object.entries(from).flatMap(([to, file]) =>
      ["lr", "hr"].map((kind) => {
        const inKind = (path: string): string => `${path.replace("/", `/${kind}/`)}.nii.gz`;
        return [inKind(to), readFileSync(join(brains, inKind(file)))];
      }),
    ),
  );
}

type Kind = [name: string, ranks: number, files: Parameters<typeof writeTree>[1], values: Values];
const kinds: Kind[] = [
  ["pictures of two domains", 2, unpaired, {}],
  ["pairs, fewer than there are ranks,", 4, paired, { mode: "paired" }],
];
const moreKinds: Kind[] = [
  ["pairs that are translated one way", 2, paired, { "network.kind": "pix2pix", "network.dropout": true }],
  ["volumes", 2, heads(), { ...volumes, "data.cropSize": 16 }],
];

describe.each([...kinds, ...extent([], moreKinds)])("samples and validations of %s", (name, ranks, files, values) => {
  const run = join(folder, name, "shared");

  it(`are on ${ranks} ranks those of one process with the same weights, byte for byte`, async () => {
    const data = writeTree(join(folder, name, "data"), files);
    expectDone(await trainOnRanks(ranks, data, run, { ...values, ...settings }));
    expect(validationsOf(run).map(({ step }) => step)).toEqual([1, 2]);
    const goesOn = { "training.learningRate": still, "training.maxSteps": 3 };
    const alone = unvalidated(run, `${name}/alone`);
    expectDone(await resume(alone, goesOn));
    const [first, second, third] = validationsOf(alone);
    expect([first, second]).toEqual(validationsOf(run));
    expect(third).toEqual({ ...second!, step: 3 });
    expect(third!.metrics).not.toEqual(first!.metrics);
    expect(samplesOf(alone, 3)).toEqual(samplesOf(run, 2));
    expect(samplesOf(alone, 3)).not.toEqual(samplesOf(run, 1));
  });
});

it("a run that goes on begins with the validation that is missing", async () => {
  const [name, ranks] = kinds[0]!;
  const run = join(folder, name, "shared");
  const again = unvalidated(run, `${name}/again`);
  expectDone(await onRanks(ranks, ["resume", again, "--json"]));
  expect(validationsOf(again)).toEqual(validationsOf(run));
});

describe("a file that cannot be read", () => {
  const large = (seed: number): Buffer => Buffer.concat([pngBytes(noise(seed, 36, 40)), Buffer.alloc(3e6)]);
  const small = (path: string, bad: number): Record<string, TestImage | string> =>
    Object.fromEntries(
      pictures(path, Array(6).fill([36, 40])).map(([file, image], i) => [file, i === bad ? "?" : image]),
    );
  /** The check before the first step looks at the large files alone. */
  const data = writeTree(join(folder, "unreadable"), {
    "trainA/0.png": large(1),
    "trainB/0.png": large(2),
    ...small("valA/a", 1),
    ...small("valB/b", 0),
  });
  const values = { "training.maxSteps": 1, "training.learningRate": still };
  const [shared, alone] = [join(folder, "unreadable-shared"), join(folder, "unreadable-alone")];

  it.each<[string, Values, string]>([
    ["a sample", { "training.validateEvery": 0 }, join("valB", "b0.png")],
    ...extent<[string, Values, string][]>(
      [],
      [["a validation", { "training.sampleEvery": 0 }, join("valA", "a1.png")]],
    ),
  ])("ends %s, and is named by the rank whose turn it was", async (_, only, file) => {
    const run = join(folder, file);
    expectRefused(await trainOnRanks(2, data, run, { ...values, ...only }), {
      exit: 2,
      code: "data",
      says: [/^revgan: rank 1 on /, `${join(data, file)} is not an image`, `revgan resume ${run}`],
    });
    expect(readRunFile(run)).toMatchObject({ state: "failed", step: 1 });
    expect(filesBelow(stepFolder(run, "checkpoints", 1))).toContain("SHA256SUMS");
  });

  it("is left out as by one process", async () => {
    const skipping = { ...settings, ...values, "data.skipUnreadable": true };
    expectDone(await train(data, alone, skipping));
    expectDone(await trainOnRanks(2, data, shared, skipping));
    expect(validationsOf(shared)).toEqual(validationsOf(alone));
    expect(samplesOf(shared, 1)).toEqual(samplesOf(alone, 1));
    const leftOut = (run: string): string[] => readFileSync(join(run, "left-out.jsonl"), "utf8").split("\n").sort();
    expect(leftOut(shared)).toEqual(leftOut(alone));
    if (isFull) await expectSameEvaluation(alone, 2, "--split", "val");
  });
});

describe("evaluate on three ranks", () => {
  const run = join(folder, kinds[1]![0], "shared");
  const colours = [
    [0, 0, 96],
    [255, 160, 0],
  ];
  /** A picture on the left, a label map on the right. */
  const labelled = (seed: number, height: number, width: number): TestImage => {
    const image = noise(seed, height, 2 * width);
    for (let pixel = 0; pixel < height * 2 * width; pixel++)
      if (pixel % (2 * width) >= width) image.samples.set(colours[image.samples[3 * pixel]! % 2]!, 3 * pixel);
    return image;
  };
  const first = { "test/0.png": labelled(1, 36, 40), "test/1.png": labelled(2, 32, 44) };

  it("is that of one process, byte for byte", { timeout: 240_000 }, async () => {
    const data = writeTree(join(folder, "labels"), {
      ...first,
      ...Object.fromEntries([2, 3, 4].map((i) => [`test/${i}.png`, labelled(i, 30 + i, 40)])),
      // Its pixels are collected in several pieces.
      ...extent({}, { "test/5.png": labelled(6, 1300, 1200) }),
    });
    const lines = await expectSameEvaluation(run, 3, "--data", data);
    expect(lines.map(({ images, metrics }) => [images, Object.keys(metrics).includes("classIoU")])).toEqual([
      [extent(5, 6), true],
      [extent(5, 6), false],
    ]);
  });

  it("ends with the message of the rank that cannot read a file", async () => {
    const data = writeTree(join(folder, "bad"), { ...first, "test/2.png": "?" });
    expectRefused(await onRanks(3, ["evaluate", "--json", "--run", run, "--data", data]), {
      exit: 2,
      code: "data",
      says: [/^revgan: rank 2 on /, `${join(data, "test", "2.png")} is not an image`],
    });
  });
});

/** Evaluates a run by one process and on several ranks: both write and say the same. Returns the lines. */
async function expectSameEvaluation(
  run: string,
  ranks: number,
  ...words: readonly string[]
): Promise<EvaluationLine[]> {
  const out = join(run, "compared");
  const args = ["evaluate", "--json", "--run", run, "--out", out, "--progress", ...words];
  const alone = await ended(process.execPath, [cliProgram, ...args], { env: oneThread });
  const lines = ofType(expectDone(alone), "evaluation");
  const files = folderHashes(out);
  expect(Object.keys(files)).toHaveLength(6);
  rmSync(out, { recursive: true });
  expect(await onRanks(ranks, args, oneThread)).toEqual(alone);
  expect(folderHashes(out)).toEqual(files);
  return lines;
}
