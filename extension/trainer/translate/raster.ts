/** Numbers `[height, width, channels]` in host memory. */
export interface HostImage {
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A rectangle of an image. It may reach over the edges, where the image is mirrored. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** The part of an image under a window; beyond the edges it is mirrored without repeating them, as often as needed. */
export function cut(image: HostImage, { top, left, height, width }: Window): HostImage {
  const { channels } = image;
  const data = new Float32Array(height * width * channels);
  for (let i = 0; i < height; i++) {
    const row = mirrored(top + i, image.height) * image.width;
    for (let j = 0; j < width; j++) {
      const from = (row + mirrored(left + j, image.width)) * channels;
      for (let c = 0; c < channels; c++) data[(i * width + j) * channels + c] = image.data[from + c]!;
    }
  }
  return { data, height, width, channels };
}

function mirrored(i: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const place = ((i % period) + period) % period;
  return place < size ? place : period - place;
}
