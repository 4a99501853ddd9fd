import type { Span, Trace } from "../kernels/trace";
import { type ColumnStyle, tableLines } from "./table";

/** Styles of the columns, which all three tables share. */
const styles: readonly [ColumnStyle, ...ColumnStyle[]] = [
  { align: "left" },
  { align: "right", least: 7 },
  { align: "right", least: 9 },
  { align: "right", least: 6 },
];

/** How often an operation, part or term was computed, and how long that took in all. */
interface Total {
  readonly name: string;
  readonly calls: number;
  readonly milliseconds: number;
}

/** The trace as three tables of means over the steps: by operation, by part of the network and by term. The first step is left out. */
export function profileTables(trace: Trace): string {
  const steps = trace.spans.filter(({ kind, name }) => kind === "loop" && name.startsWith("step "));
  const warm = steps.length > 1 ? steps.slice(1) : steps;
  const within = ({ start }: Span): boolean =>
    warm.some((step) => start >= step.start && start < step.start + step.duration);
  const seen = trace.spans.filter(within);
  const operations = seen.filter(({ kind }) => kind === "operation");
  const waiting = trace.spans.filter(({ name, start }) => name === "waiting for data" && start >= warm[0]!.start);
  const whole = warm.reduce((sum, { duration }) => sum + duration, 0) / warm.length;
  const rest = whole - totalSeconds(operations) / warm.length;
  const tables = [
    totalsTable(
      "OPERATION",
      totalsBy(operations, ({ name }) => name, warm.length),
      whole,
    ),
    totalsTable(
      "PART",
      [
        ...totalsBy(operations, ({ part }) => part!, warm.length),
        { name: "(between operations)", calls: 0, milliseconds: rest },
      ],
      whole,
    ),
    totalsTable(
      "TERM",
      totalsBy(
        seen.filter(({ kind }) => kind === "term"),
        ({ name }) => name,
        warm.length,
      ),
      whole,
    ),
  ];
  return `${tables.join("\n\n")}\n\nA step takes ${whole.toFixed(1)} ms; waiting for data ${(totalSeconds(waiting) / Math.max(1, waiting.length)).toFixed(2)} ms (mean of ${warm.length}).`;
}

function totalSeconds(spans: readonly Span[]): number {
  return spans.reduce((sum, { duration }) => sum + duration, 0);
}

function totalsBy(spans: readonly Span[], key: (span: Span) => string, steps: number): Total[] {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const group = groups.get(key(span));
    if (group === undefined) groups.set(key(span), [span]);
    else group.push(span);
  }
  return [...groups]
    .map(([name, group]) => ({ name, calls: group.length / steps, milliseconds: totalSeconds(group) / steps }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

function totalsTable(title: string, totals: readonly Total[], whole: number): string {
  const rows = totals.map(({ name, calls, milliseconds }) => [
    name,
    String(Math.round(calls)),
    milliseconds.toFixed(1),
    `${((100 * milliseconds) / whole).toFixed(1)}%`,
  ]);
  return tableLines([[title, "CALLS", "MS", "SHARE"], ...rows], styles).join("\n");
}
