import type { EngineLine } from "../../protocol/lines";
import { formatBytes } from "../formatBytes";
import { tableLines } from "./table";

/** The engines as a table for people, followed by the reason and the remedy for each engine that does not work. */
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
  const gpus = lines.flatMap(gpuRows);
  return [
    ...tableLines([["ENGINE", "WORKS", "VERSION", "DEVICE"], ...rows], [{ align: "left" }]),
    ...(gpus.length === 0
      ? []
      : ["", ...tableLines([["ENGINE", "GPU", "NAME", "WHAT IT IS"], ...gpus], [{ align: "left" }])]),
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ];
}

/** A row for each GPU that an engine lists: its number, by which `gpu` may name it, and its properties. */
function gpuRows({ name, gpus = [], adapters = [] }: EngineLine): string[][] {
  return [
    ...gpus.map((gpu) => [
      name,
      String(gpu.index),
      gpu.name,
      `${formatBytes(gpu.usedBytes)} of ${formatBytes(gpu.totalBytes)} in use`,
    ]),
    ...adapters.map(({ index, name: gpu, backend, driver, kind, tensorBytes }) => [
      name,
      String(index),
      gpu,
      [backend, driver, kind, `tensors up to ${formatBytes(tensorBytes)}`].filter((each) => each !== "").join(", "),
    ]),
  ];
}
