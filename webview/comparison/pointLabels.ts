/** A point whose number is to stand beside it. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A label's middle, from its point. */
const offsets = [
  { x: 16, y: 0 },
  { x: -16, y: 0 },
  { x: 0, y: -16 },
  { x: 0, y: 16 },
] as const;

/** Whether what stands at two places would touch. */
const touches = (one: Place, other: Place): boolean => Math.abs(one.x - other.x) < 14 && Math.abs(one.y - other.y) < 12;

/** Middles of labels beside their points, so that as few as can be touch another label or a point. */
export function labelPlaces(points: readonly Place[]): Place[] {
  const placed: Place[] = [];
  for (const point of points) {
    const candidates = offsets.map(({ x, y }) => ({ x: point.x + x, y: point.y + y }));
    const taken = [...points.filter((other) => other !== point), ...placed];
    placed.push(candidates.find((candidate) => !taken.some((other) => touches(candidate, other))) ?? candidates[0]!);
  }
  return placed;
}
