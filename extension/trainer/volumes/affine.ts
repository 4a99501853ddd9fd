/** Three numbers: along x, y and z, the fastest axis of the file first. */
export type Triple = readonly [number, number, number];

/** An affine map of (x, y, z): the upper 3 × 4 part of its matrix, row by row. */
export type Affine = readonly number[];

/** Applies the map to a point. */
export function applyTo(affine: Affine, [x, y, z]: Triple): [number, number, number] {
  const row = (i: number): number =>
    affine[4 * i]! * x + affine[4 * i + 1]! * y + affine[4 * i + 2]! * z + affine[4 * i + 3]!;
  return [row(0), row(1), row(2)];
}

/** The composition: `inner` is applied first. */
export function composed(outer: Affine, inner: Affine): Affine {
  const column = (j: number): Triple => [inner[j]!, inner[4 + j]!, inner[8 + j]!];
  const shift = [outer[3]!, outer[7]!, outer[11]!];
  const columns = [0, 1, 2, 3].map((j) =>
    applyTo(outer, column(j)).map((value, i) => (j === 3 ? value : value - shift[i]!)),
  );
  return [0, 1, 2].flatMap((i) => columns.map((each) => each[i]!));
}

/** The inverse map; null for a singular one. */
export function inverseAffine(affine: Affine): Affine | null {
  const [a, b, c, x, d, e, f, y, g, h, i, z] = affine as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [p, q, r] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const determinant = a * p + b * q + c * r;
  if (!Number.isFinite(1 / determinant)) return null;
  const rows = [
    [p, c * h - b * i, b * f - c * e],
    [q, a * i - c * g, c * d - a * f],
    [r, b * g - a * h, a * e - b * d],
  ];
  return rows.flatMap((row) => {
    const [u, v, w] = row.map((value) => value / determinant) as [number, number, number];
    return [u, v, w, -(u * x + v * y + w * z)];
  });
}

/** Distances of neighbouring voxels along x, y and z. */
export function voxelSpacing(affine: Affine): Triple {
  const along = (j: number): number => Math.hypot(affine[j]!, affine[4 + j]!, affine[8 + j]!);
  return [along(0), along(1), along(2)];
}

/** The affine map of a grid upsampled by `factors`, whose voxel 0 lies at `start` in indices of the old grid. */
export function refinedAffine(affine: Affine, factors: Triple, start: Triple): Affine {
  return composed(affine, [
    1 / factors[0],
    0,
    0,
    start[0],
    0,
    1 / factors[1],
    0,
    start[1],
    0,
    0,
    1 / factors[2],
    start[2],
  ]);
}
