import type { Span, Trace } from "../kernels/trace";

/**
 * A trace in Chrome's trace event format (JSON object format), which chrome://tracing and ui.perfetto.dev open: spans nested by
 * time, and live tensor bytes by part as a stacked chart.
 */
export function traceEvents({ spans, bytes }: Trace): string {
  const begin = Math.min(...spans.map(({ start }) => start));
  const micro = (time: number): number => Math.round((time - begin) * 1000);
  const common = { pid: 1, tid: 1 };
  const events = [
    { ph: "M", name: "process_name", ...common, args: { name: "RevGAN training" } },
    ...spans.map(({ name, kind, part, start, duration, shapes }) => ({
      ph: "X",
      name,
      cat: kind,
      ts: micro(start),
      dur: Math.round(duration * 1000),
      ...common,
      args: {
        ...(part === null ? {} : { part }),
        ...(shapes.length === 0 ? {} : { shapes: shapes.map((shape) => shape.join("×")) }),
      },
    })),
    ...bytes.map(({ at, bytes: byPart }) => ({
      ph: "C",
      name: "tensor bytes",
      ts: micro(at),
      ...common,
      args: byPart,
    })),
  ];
  return `{"displayTimeUnit":"ms","traceEvents":[\n${events.map((event) => JSON.stringify(event)).join(",\n")}\n]}\n`;
}

/** How often something was done, and how long it took in all. */
interface Total {
  readonly name: string;
  readonly calls: number;
  readonly milliseconds: number;
}

/** The trace in two tables for people, a step's share each: by operation, and by part of the network. The first step is left out. */
export function profileTables(trace: Trace): string {
  const steps = trace.spans.filter(({ kind, name }) => kind === "loop" && name.startsWith("step "));
  const warm = steps.length > 1 ? steps.slice(1) : steps;
  const within = ({ start }: Span): boolean =>
    warm.some((step) => start >= step.start && start < step.start + step.duration);
  const seen = trace.spans.filter(within);
  const operations = seen.filter(({ kind }) => kind === "operation");
  const waiting = trace.spans.filter(({ name, start }) => name === "waiting for data" && start >= warm[0]!.start);
  const whole = warm.reduce((sum, { duration }) => sum + duration, 0) / warm.length;
  const rest = whole - total(operations) / warm.length;
  const tables = [
    table(
      "OPERATION",
      totals(operations, ({ name }) => name, warm.length),
      whole,
    ),
    table(
      "PART",
      [
        ...totals(operations, ({ part }) => part!, warm.length),
        { name: "(between operations)", calls: 0, milliseconds: rest },
      ],
      whole,
    ),
    table(
      "TERM",
      totals(
        seen.filter(({ kind }) => kind === "term"),
        ({ name }) => name,
        warm.length,
      ),
      whole,
    ),
  ];
  return `${tables.join("\n\n")}\n\nA step takes ${whole.toFixed(1)} ms; waiting for data ${(total(waiting) / Math.max(1, waiting.length)).toFixed(2)} ms (mean of ${warm.length}).`;
}

function total(spans: readonly Span[]): number {
  return spans.reduce((sum, { duration }) => sum + duration, 0);
}

function totals(spans: readonly Span[], key: (span: Span) => string, steps: number): Total[] {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const group = groups.get(key(span));
    if (group === undefined) groups.set(key(span), [span]);
    else group.push(span);
  }
  return [...groups]
    .map(([name, group]) => ({ name, calls: group.length / steps, milliseconds: total(group) / steps }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

function table(title: string, rows: readonly Total[], whole: number): string {
  const width = Math.max(title.length, ...rows.map(({ name }) => name.length));
  const line = (name: string, calls: string, time: string, share: string): string =>
    `${name.padEnd(width)}  ${calls.padStart(7)}  ${time.padStart(9)}  ${share.padStart(6)}`;
  return [
    line(title, "CALLS", "MS", "SHARE"),
    ...rows.map(({ name, calls, milliseconds }) =>
      line(name, String(Math.round(calls)), milliseconds.toFixed(1), `${((100 * milliseconds) / whole).toFixed(1)}%`),
    ),
  ].join("\n");
}
