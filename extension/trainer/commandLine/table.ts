/** The layout of a column. */
export interface ColumnStyle {
  readonly align: "left" | "right";
  /** Minimal width in characters. */
  readonly least?: number;
}

/**
 * Rows of cells as lines of text, each column as wide as its widest cell.
 * @param styles of the columns, the first column first; the last style also applies to all further columns
 * @param gap text between two columns
 */
export function tableLines(
  rows: readonly (readonly string[])[],
  styles: readonly [ColumnStyle, ...ColumnStyle[]],
  gap = "  ",
): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const pads = Array.from({ length: columns }, (_, i) => {
    const { align, least = 0 } = styles[Math.min(i, styles.length - 1)]!;
    const width = Math.max(least, ...rows.map((row) => (row[i] ?? "").length));
    return (cell: string): string => (align === "left" ? cell.padEnd(width) : cell.padStart(width));
  });
  return rows.map((row) =>
    row
      .map((cell, i) => pads[i]!(cell))
      .join(gap)
      .trimEnd(),
  );
}
