import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { onTestFinished } from "vitest";
import type { DecodeRequest } from "../../extension/trainer/data/decoder/decoderProtocol";
import type { ImageSettings } from "../../extension/trainer/data/dataset/imageSettings";
import { seededRandom } from "../../extension/trainer/random";

/** Samples as in a PNG file: `[height, width, channels]`; the channels are 1 gray, 2 gray and alpha, 3 RGB, or 4 RGBA. */
export interface TestImage {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly bits: 8 | 16;
  readonly samples: Uint8Array | Uint16Array;
}

/** A picture of uniform noise; another seed or size gives other noise. */
export function noise(
  seed: number,
  height: number,
  width: number,
  channels: TestImage["channels"] = 3,
  bits: TestImage["bits"] = 8,
): TestImage {
  const draw = seededRandom(seed, "noise", height, width);
  const samples = bits === 8 ? new Uint8Array(height * width * channels) : new Uint16Array(height * width * channels);
  for (let i = 0; i < samples.length; i++) samples[i] = draw.integer(2 ** bits);
  return { height, width, channels, bits, samples };
}

/** A PNG file written without an image library, so that it can test image libraries. */
export function pngBytes({ height, width, channels, bits, samples }: TestImage): Buffer {
  const bytes = bits / 8;
  const row = 1 + width * channels * bytes;
  const raw = Buffer.alloc(height * row);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < width * channels; i++)
      raw.writeUIntBE(samples[y * width * channels + i]!, y * row + 1 + i * bytes, bytes);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, [0, 4, 2, 6][channels - 1]!, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(raw)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(body.length, 0);
  whole.set(named, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

/** Writes files, given by their paths inside `root`: an image, text, bytes, or null for an empty folder. */
export function writeTree(root: string, files: Readonly<Record<string, TestImage | string | Buffer | null>>): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(content === null ? path : dirname(path), { recursive: true });
    if (content !== null)
      writeFileSync(path, typeof content === "string" || Buffer.isBuffer(content) ? content : pngBytes(content));
  }
  return root;
}

/** A temporary folder with these files, deleted after the test. */
export function temporaryFolder(files: Parameters<typeof writeTree>[1] = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "revgan-data-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return writeTree(folder, files);
}

/** The request to decode a whole image unchanged, but for `changes`. */
export function wholeImage(file: string, changes: Partial<DecodeRequest> = {}): DecodeRequest {
  return {
    file,
    half: "whole",
    loadSize: null,
    crop: null,
    multiple: 1,
    flip: false,
    channels: null,
    alpha: false,
    ...changes,
  };
}

/** Settings with which a batch is one unchanged image, but for `changes`. */
export function plainSettings(changes: Partial<ImageSettings> = {}): ImageSettings {
  return {
    paired: false,
    shuffle: false,
    flip: false,
    batchSize: 1,
    seed: 0,
    loadSize: null,
    cropSize: null,
    multiple: 1,
    smallest: 1,
    channels: { a: 3, b: 3 },
    volumes: null,
    ...changes,
  };
}
