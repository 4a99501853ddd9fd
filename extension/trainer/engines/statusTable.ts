import type { EngineLine } from "../../protocol/lines";

/** The engines as a table for people; what is missing is followed by what to do. */
export function statusTable(lines: readonly EngineLine[]): string[] {
  const head = ["ENGINE", "WORKS", "VERSION", "DEVICE"];
  const rows = lines.map(({ name, available, version, device }) => [
    name,
    available ? "yes" : "no",
    version ?? "-",
    device ?? "-",
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const table = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
  const notes = lines
    .filter(({ available }) => !available)
    .map(({ name, reason, remedy }) => `${name}: ${reason ?? ""}; ${remedy ?? ""}`);
  return notes.length === 0 ? table : [...table, "", ...notes];
}
