import type { Trace } from "../kernels/trace";

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
