/** The centre of a point or of a label, in CSS pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Offsets of a label's centre from its point, in order of preference. */
const offsets = [
  { x: 16, y: 0 },
  { x: -16, y: 0 },
  { x: 0, y: -16 },
  { x: 0, y: 16 },
] as const;

/** Whether labels or points at two positions overlap. */
const touches = (one: Place, other: Place): boolean => Math.abs(one.x - other.x) < 14 && Math.abs(one.y - other.y) < 12;

/** Places labels beside their points, avoiding other labels and points if possible. */
export function labelPlaces(points: readonly Place[]): Place[] {
  const placed: Place[] = [];
  for (const point of points) {
    const candidates = offsets.map(({ x, y }) => ({ x: point.x + x, y: point.y + y }));
    const taken = [...points.filter((other) => other !== point), ...placed];
    placed.push(candidates.find((candidate) => !taken.some((other) => touches(candidate, other))) ?? candidates[0]!);
  }
  return placed;
}
