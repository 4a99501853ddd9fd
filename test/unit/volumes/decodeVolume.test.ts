import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../../extension/trainer/data/decoder/decoderClient";
import { volumeMetrics } from "../../../extension/trainer/evaluate/volumeMetrics";
import { readNifti } from "../../../extension/trainer/volumes/niftiRead";
import { writeNifti } from "../../../extension/trainer/volumes/niftiWrite";
import type { Volume, VolumeRequest } from "../../../extension/trainer/volumes/volume";
import { temporaryFolder } from "../../support/images";

const files = "test/data/nifti";
const brains = "media/samples/brain-mini";
const limits = { maxPixels: 0, maxBytes: 2 ** 30, maxValues: 2 ** 28 };
const decoder = new DecoderClient();
afterAll(() => decoder.close());

/** The request for a whole volume as it is, its values between `low` and `high`. */
function whole(file: string, changes: Partial<VolumeRequest> = {}): VolumeRequest {
  return {
    file,
    grid: null,
    interpolation: "cubic",
    intensity: { kind: "window", low: 0, high: 255 },
    crop: null,
    multiple: 1,
    flip: false,
    channels: 1,
    ...changes,
  };
}

const brain = (part: "lr" | "hr", name: string): string => join(brains, "test", part, `${name}.nii.gz`);
const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
const unpacked = (file: string): Buffer => (file.endsWith(".gz") ? gunzipSync(readFileSync(file)) : readFileSync(file));

describe("a volume of low resolution", () => {
  // Trilinear and cubic interpolation by scipy give 21.642, 21.815, 22.592 and 22.755 dB.
  it.each([
    ["IXI049", "trilinear", 21.642],
    ["IXI051", "trilinear", 21.815],
    ["IXI049", "cubic", 22.592],
    ["IXI051", "cubic", 22.755],
  ] as const)("%s on the grid of its partner, %s, is %f dB from it", async (name, interpolation, decibels) => {
    const truth = (await decoder.decodeVolume(whole(brain("hr", name)))).picture;
    const like = await decoder.decodeVolume(
      whole(brain("lr", name), { grid: { like: brain("hr", name) }, interpolation }),
    );
    expect(like.original).toEqual({ depth: 48, height: 64, width: 64 });
    // The spline overshoots by what the window cuts off.
    expect(Math.abs(volumeMetrics(truth, like.picture).psnr! - decibels)).toBeLessThan(0.01);
    const finer = await decoder.decodeVolume(whole(brain("lr", name), { grid: { factors: [2, 2, 2] }, interpolation }));
    expect(largest(finer.picture.data, like.picture.data)).toBeLessThan(1e-4);
    expect(finer.picture.regridded).toEqual({ factors: [2, 2, 2], interpolation });
  });

  it("is cropped and flipped as its partner is", async () => {
    const crop = { depth: 16, height: 24, width: 32, front: 0.3, top: 0.5, left: 0.99 };
    const name = "IXI049";
    const [low, high] = await Promise.all([
      decoder.decodeVolume(whole(brain("lr", name), { grid: { like: brain("hr", name) }, crop, flip: true })),
      decoder.decodeVolume(whole(brain("hr", name), { crop, flip: true })),
    ]);
    expect(low.picture).toMatchObject({ depth: 16, height: 24, width: 32 });
    expect(volumeMetrics(high.picture, low.picture).psnr).toBeGreaterThan(18);
    const all = (await decoder.decodeVolume(whole(brain("hr", name)))).picture.data;
    // The body's left and right lie along the file's z: its affine has that column for x.
    const [front, top, left] = [Math.floor(0.3 * 33), Math.floor(0.5 * 41), Math.floor(0.99 * 33)];
    for (const [z, y, x] of [
      [0, 0, 0],
      [15, 3, 31],
      [7, 23, 2],
    ] as const) {
      expect(high.picture.data[(z * 24 + y) * 32 + x]).toBe(all[((front + 15 - z) * 64 + top + y) * 64 + left + x]);
    }
  });

  it("that lies elsewhere than its partner is refused, and so are wrong channels and crops", async () => {
    const elsewhere = decoder.decodeVolume(
      whole(brain("lr", "IXI049"), { grid: { like: join(files, "nifti_reader_js/big.nii.gz") } }),
    );
    await expect(elsewhere).rejects.toThrow(/IXI049.*lies elsewhere than its partner/);
    await expect(decoder.decodeVolume(whole(join(files, "nibabel/functional.nii")))).rejects.toThrow(
      "has 20 channels, and the network takes 1",
    );
    const crop = { depth: 32, height: 32, width: 32, front: 0, top: 0, left: 0 };
    await expect(decoder.decodeVolume(whole(brain("lr", "IXI049"), { crop }))).rejects.toThrow(
      "is 32 × 32 × 24 voxels, smaller than the crop of 32 × 32 × 32",
    );
  });
});

describe("intensities", () => {
  const info = (file: string, kind: "percentile" | "zscore", low: number, high: number) =>
    decoder.inspect(file, undefined, { kind, low, high });

  it("become −1 and 1 where numpy has the percentiles", async () => {
    expect((await info(brain("lr", "IXI049"), "percentile", 0.5, 99.5)).window).toEqual({ low: 0, high: 237 });
    const { window } = await info(join(files, "nibabel/functional.nii"), "percentile", 12.3, 95.7);
    expect(window!.low).toBeCloseTo(3144.120726, 3);
    expect(window!.high).toBeCloseTo(4505.579443, 3);
    const { picture } = await decoder.decodeVolume(
      whole(brain("lr", "IXI049"), { intensity: { kind: "percentile", low: 0.5, high: 99.5 } }),
    );
    expect([Math.min(...picture.data), Math.max(...picture.data)]).toEqual([-1, 1]);
  });

  it("leave out what is no number, which becomes the least", async () => {
    const file = join(files, "nibabel/resampled_anat_moved.nii");
    const { window } = await info(file, "percentile", 0, 100);
    expect(window!.low).toBeCloseTo(409.30045, 4);
    expect(window!.high).toBeCloseTo(13360.962, 2);
    const { picture } = await decoder.decodeVolume(
      whole(file, { intensity: { kind: "percentile", low: 0, high: 100 } }),
    );
    expect(picture.data.filter((value) => value === -1)).toHaveLength(154);
  });
});

describe("writing", () => {
  const expected = Object.entries(
    JSON.parse(readFileSync("test/data/nifti-expected.json", "utf8")) as Record<string, unknown>,
  ).filter(([, wanted]) => wanted !== null);

  it.each(expected.map(([name]) => name))(
    "%s as it was read gives its very bytes",
    async (name) => {
      const root = temporaryFolder();
      const read = await readNifti(join(files, name), limits);
      const [plain, packed] = [join(root, "x.nii"), join(root, "deep/x.nii.gz")];
      await writeNifti(read, plain, false);
      await writeNifti(read, packed, false);
      const original = unpacked(join(files, name)).subarray(0, read.header.start + read.header.length);
      expect(unpacked(plain).equals(original)).toBe(true);
      expect(unpacked(packed).equals(original)).toBe(true);
    },
    60_000,
  );

  const through = async (
    file: string,
    changes: Partial<VolumeRequest>,
    as: "input" | "float32" = "input",
  ): Promise<{ path: string; volume: Volume }> => {
    const path = join(temporaryFolder(), "x.nii.gz");
    const volume = (await decoder.decodeVolume(whole(file, changes))).picture;
    await decoder.encodeVolume(volume, path, { as, description: "RevGAN" });
    return { path, volume };
  };

  it.each([
    ["nibabel/anatomical.nii", 1, -610, 30393],
    ["nibabel/example4d.nii.gz", 2, 0, 1162],
    ["nifti_reader_js/avg152T1_LR_nifti2.nii.gz", 1, 0, 255],
    ["made/rgb.nii.gz", 3, 0, 255],
    ["made/scaled.nii.gz", 1, -197, 173],
    ["made/u2-2-big.nii", 2, 0, 65535],
  ] as const)(
    "%s through the network's scale changes no voxel of whole numbers, and nothing that says where it is",
    async (name, channels, low, high) => {
      const { path } = await through(join(files, name), { channels, intensity: { kind: "window", low, high } });
      const [before, after] = [await readNifti(join(files, name), limits), await readNifti(path, limits)];
      const { fields: _, ...header } = before.header;
      expect(after.header).toMatchObject(header);
      const whole = before.header.type.range !== null;
      const difference = largest(Array.from(before.stored, Number), Array.from(after.stored, Number));
      expect(difference).toBeLessThanOrEqual(whole ? 0 : (high - low) * 1e-6);
      expect(after.before.subarray(0, 40).equals(before.before.subarray(0, 40))).toBe(true);
    },
  );

  it("a finer grid lies where its partner does, with the partner's voxels", async () => {
    for (const name of ["IXI049", "IXI051"]) {
      const { path } = await through(brain("lr", name), { grid: { factors: [2, 2, 2] } });
      const [partner, written] = [await readNifti(brain("hr", name), limits), await readNifti(path, limits)];
      expect(written.header.size).toEqual(partner.header.size);
      expect(written.header.type.name).toBe("uint8");
      expect(largest(written.header.affine, partner.header.affine)).toBeLessThan(1e-5);
      for (const i of [1, 2, 3]) expect(written.header.fields.get("pixdim", i)).toBe(2);
      for (const i of [0, 1, 2])
        expect(
          Math.abs(written.header.fields.get("qoffset", i) - partner.header.fields.get("qoffset", i)),
        ).toBeLessThan(1e-5);
    }
  });

  it("becomes float32 where it is wanted, and where the file's type does not hold the window", async () => {
    const { path, volume } = await through(brain("lr", "IXI049"), {}, "float32");
    const written = await readNifti(path, limits);
    expect(written.header).toMatchObject({ type: { name: "float32" }, slope: 1, intercept: 0 });
    expect(
      largest(
        written.stored as Float32Array,
        volume.data.map((value) => (value + 1) * 127.5),
      ),
    ).toBeLessThan(1e-3);
    const other = join(temporaryFolder(), "x.nii");
    await decoder.encodeVolume({ ...volume, window: { low: -1000, high: 1000 } }, other, {
      as: "input",
      description: "RevGAN",
    });
    expect((await readNifti(other, limits)).header.type.name).toBe("float32");
  });

  it("keeps what is there, and leaves nothing half-written", async () => {
    const root = temporaryFolder();
    cpSync(brain("lr", "IXI049"), join(root, "x.nii.gz"));
    const { picture } = await decoder.decodeVolume(whole(brain("lr", "IXI049")));
    await expect(
      decoder.encodeVolume(picture, join(root, "x.nii.gz"), { as: "input", description: "" }),
    ).rejects.toMatchObject({ code: "input" });
    await expect(
      decoder.encodeVolume(picture, join(root, "x.nii.gz/y.nii"), { as: "input", description: "" }),
    ).rejects.toMatchObject({ code: "disk" });
    expect(readFileSync(join(root, "x.nii.gz")).equals(readFileSync(brain("lr", "IXI049")))).toBe(true);
  });
});
