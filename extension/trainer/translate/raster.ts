/** Numbers `[height, width, channels]`, or `[depth, height, width, channels]`, in host memory. */
export interface HostImage {
  readonly data: Float32Array;
  readonly depth?: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A box of an image, an axis after the other, the slowest first. It may reach over the edges, where the image is mirrored. */
export interface Window {
  readonly start: readonly number[];
  readonly size: readonly number[];
}

/** An image's sides, the slowest axis first: `[height, width]` or `[depth, height, width]`. */
export function sidesOf({ depth, height, width }: Pick<HostImage, "depth" | "height" | "width">): number[] {
  return depth === undefined ? [height, width] : [depth, height, width];
}

/** An image from its sides. */
export function imageOf(data: Float32Array, sides: readonly number[], channels: number): HostImage {
  const [width, height, depth] = [...sides].reverse() as [number, number, number?];
  return { data, ...(depth === undefined ? {} : { depth }), height, width, channels };
}

/** The part of an image under a window; beyond the edges it is mirrored without repeating them, as often as needed. */
export function cut(image: HostImage, { start, size }: Window): HostImage {
  const { channels } = image;
  const sides = asVolume(sidesOf(image));
  const [planes, rows, columns] = asVolume(size).map((length, axis) => {
    const first = asVolume(start, 0)[axis]!;
    return Int32Array.from({ length }, (_, i) => mirrored(first + i, sides[axis]!));
  }) as [Int32Array, Int32Array, Int32Array];
  const data = new Float32Array(planes.length * rows.length * columns.length * channels);
  let to = 0;
  for (const plane of planes) {
    for (const row of rows) {
      const line = (plane * sides[1] + row) * sides[2];
      for (const column of columns) {
        const from = (line + column) * channels;
        for (let c = 0; c < channels; c++) data[to++] = image.data[from + c]!;
      }
    }
  }
  return imageOf(data, size, channels);
}

/** Three axes, where a picture has two. */
export function asVolume(axes: readonly number[], missing = 1): [number, number, number] {
  return (axes.length === 2 ? [missing, ...axes] : axes) as [number, number, number];
}

function mirrored(i: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const place = ((i % period) + period) % period;
  return place < size ? place : period - place;
}
