import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readNifti, voxelsOf } from "../../../extension/trainer/volumes/niftiRead";
import { temporaryFolder } from "../../support/images";

/** See test/data/niftiExpected.py; null: nibabel reads no numbers that a network could take. */
interface Expected {
  readonly shape: readonly number[];
  readonly affine: readonly number[];
  readonly nan: number;
  readonly sha256: string;
}

const folder = "test/data/nifti";
const expected = JSON.parse(readFileSync("test/data/nifti-expected.json", "utf8")) as Record<string, Expected | null>;
const readable = Object.entries(expected).filter((entry): entry is [string, Expected] => entry[1] !== null);
const limits = { maxPixels: 0, maxBytes: 2 ** 30, maxValues: 2 ** 28 };

/** Values in the order in which nibabel's test data has them: x fastest, channels slowest. */
function valuesOf({ header, stored }: Awaited<ReturnType<typeof readNifti>>): Float64Array {
  const voxels = voxelsOf(header, stored);
  const all = header.size.depth * header.size.height * header.size.width;
  return Float64Array.from({ length: voxels.length }, (_, i) =>
    voxels.at(Math.floor(i / all) * voxels.channelStep + (i % all) * voxels.voxelStep),
  );
}

describe("NIfTI files", () => {
  it("are all there", () => {
    const names = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => /\.nii(\.gz)?$/.test(name));
    expect(names.sort()).toEqual(Object.keys(expected).sort());
    expect(readable.length).toBeGreaterThan(50);
  });

  it.each(readable)("%s has nibabel's shape, affine and values", async (name, wanted) => {
    const read = await readNifti(join(folder, name), limits);
    const { size, channels, affine } = read.header;
    const [width, height, depth = 1, ...others] = wanted.shape;
    expect([size, channels]).toEqual([{ width, height, depth }, others.reduce((product, side) => product * side, 1)]);
    for (const [i, value] of wanted.affine.entries()) expect(Math.abs(affine[i]! - value)).toBeLessThan(1e-6);
    const values = valuesOf(read);
    expect(values.reduce((count, value) => count + Number(Number.isNaN(value)), 0)).toBe(wanted.nan);
    const bytes = values.map((value) => (Number.isNaN(value) ? 0 : value));
    expect(createHash("sha256").update(new Uint8Array(bytes.buffer)).digest("hex")).toBe(wanted.sha256);
  });

  const refusals: Record<string, string> = {
    "made/c8-1-little.nii": "has voxels of complex64, which are not supported",
    "made/c8-2-big.nii": "has voxels of complex64, which are not supported",
    "nibabel/row_major.dconn.nii": "is a CIFTI file of surfaces, not a volume",
    "nibabel/analyze.hdr": "is an Analyze file, which is not supported",
    "nibabel/nifti1.hdr": "is one of a pair of files",
    "nibabel/nifti2.hdr": "is one of a pair of files",
    "nibabel/test.mgz": "is not a NIfTI file",
    "nifti_reader_js/air.hdr.gz": "is one of a pair of files",
    "nifti_reader_js/air2.hdr.gz": "is one of a pair of files",
    "nifti_reader_js/air.img.gz": "is not a NIfTI file",
    "nifti_reader_js/air2.img.gz": "is not a NIfTI file",
    "nifti_reader_js/not-nifti.nii": "is not a NIfTI file",
  };

  it.each(Object.entries(refusals))("%s is refused: it %s", async (name, reason) => {
    await expect(readNifti(join(folder, name), limits)).rejects.toThrow(`${join(folder, name)} ${reason}`);
  });

  it("no other file is refused", () => {
    const unread = Object.keys(expected).filter((name) => expected[name] === null && !/^made\/c8/.test(name));
    expect(unread.filter((name) => !(name in refusals))).toEqual([]);
  });
});

describe("hostile NIfTI files", () => {
  const good = readFileSync(join(folder, "made/i2-1-little.nii"));
  const changed = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(good);
    change(bytes);
    return bytes;
  };
  const refused = async (content: Buffer, reason: string, changes: Partial<typeof limits> = {}): Promise<void> => {
    const root = temporaryFolder({ "x.nii": content });
    await expect(readNifti(join(root, "x.nii"), { ...limits, ...changes })).rejects.toThrow(
      `${join(root, "x.nii")} ${reason}`,
    );
  };

  it.each<[string, (bytes: Buffer) => void]>([
    ["has a damaged header: 0 axes", (bytes) => bytes.writeInt16LE(0, 40)],
    ["has a damaged header: 8 axes", (bytes) => bytes.writeInt16LE(8, 40)],
    ["has a damaged header: an axis of -5", (bytes) => bytes.writeInt16LE(-5, 42)],
    ["has a damaged header: an axis of 0", (bytes) => bytes.writeInt16LE(0, 44)],
    [
      "has 32767 × 32767 × 32767 voxels of 2, more than the 268 million",
      (bytes) => [42, 44, 46].forEach((at) => bytes.writeInt16LE(32767, at)),
    ],
    ["is damaged: it ends before its 1200352 bytes", (bytes) => bytes.writeInt16LE(25000, 42)],
    ["has a damaged header: voxels at byte 100", (bytes) => bytes.writeFloatLE(100, 108)],
    ["has a damaged header: voxels at byte NaN", (bytes) => bytes.writeFloatLE(NaN, 108)],
    ["is damaged: it ends before its", (bytes) => bytes.writeFloatLE(1e30, 108)],
    ["has the unknown data type 3", (bytes) => bytes.writeInt16LE(3, 70)],
    ["has voxels of float128", (bytes) => bytes.writeInt16LE(1536, 70)],
    ["has a damaged header: its affine is not finite", (bytes) => bytes.writeFloatLE(NaN, 268)],
    [
      "has a damaged header: its scl_inter is not a number",
      (bytes) => bytes.writeFloatLE(Infinity, 116) && bytes.writeFloatLE(2, 112),
    ],
    [
      "has 5 axes (5 × 4 × 1 × 3 × 2)",
      (bytes) => [5, 5, 4, 1, 3, 2].forEach((side, i) => bytes.writeInt16LE(side, 40 + 2 * i)),
    ],
  ])("are refused: %s", async (reason, change) => {
    await refused(changed(change), reason);
  });

  it("that are empty or cut off, packed or not, are refused", async () => {
    await refused(Buffer.alloc(0), "is empty");
    await refused(good.subarray(0, 300), "is not a NIfTI file");
    await refused(good.subarray(0, 400), "is damaged: it ends before its 592 bytes");
    const packed = gzipSync(good);
    await refused(packed.subarray(0, packed.length - 20), "is damaged: it ends too early");
    await refused(Buffer.concat([packed.subarray(0, 60), Buffer.alloc(200, 7)]), "is damaged:");
    await refused(gzipSync(Buffer.alloc(0)), "is empty");
  });

  it("that pack much more than they say are read no further, and those that say much are not believed", async () => {
    const bomb = gzipSync(Buffer.concat([good, Buffer.alloc(2 ** 28)]));
    const root = temporaryFolder({ "bomb.nii.gz": bomb });
    const before = process.memoryUsage().rss;
    expect((await readNifti(join(root, "bomb.nii.gz"), limits)).stored).toHaveLength(120);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 26);
    const boast = changed((bytes) => [42, 44, 46].forEach((at) => bytes.writeInt16LE(500, at)));
    await refused(gzipSync(boast), "is damaged: it ends before its");
    await refused(good, "has 5 × 4 × 3 voxels of 2, more than the 0 million", { maxValues: 100 });
    await refused(good, "has 0 MiB, more than", { maxBytes: 500 });
    await refused(gzipSync(good), "unpacks to more than the 0 MiB", { maxBytes: 560 });
  });

  it("that are folders or missing are named", async () => {
    const root = temporaryFolder({ "folder.nii": null });
    await expect(readNifti(join(root, "folder.nii"), limits)).rejects.toThrow("is no file");
    await expect(readNifti(join(root, "absent.nii"), limits)).rejects.toThrow("is not there");
  });
});
