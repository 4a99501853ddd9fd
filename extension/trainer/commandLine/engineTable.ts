import type { EngineLine } from "../../protocol/lines";
import { tableLines } from "./table";

/** The engines as a table for people; what is missing is followed by what to do. */
export function engineTable(lines: readonly EngineLine[]): string[] {
  const rows = lines.map(({ name, available, version, device }) => [
    name,
    available ? "yes" : "no",
    version ?? "-",
    device ?? "-",
  ]);
  const notes = lines
    .filter(({ available }) => !available)
    .map(({ name, reason, remedy }) => `${name}: ${reason ?? ""}; ${remedy ?? ""}`);
  return [
    ...tableLines([["ENGINE", "WORKS", "VERSION", "DEVICE"], ...rows], [{ align: "left" }]),
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ];
}
