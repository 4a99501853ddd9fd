import type { Kernels } from "../kernels/kernels";
import { Trace } from "../kernels/trace";
import { tracedKernels } from "../kernels/tracedKernels";

/** Number of steps that are recorded: enough for a mean, few enough for a trace that a browser can open. */
const steps = 5;

/** Records the operations of a training's first steps. */
export class Profile {
  readonly trace = new Trace();
  private recorded = 0;

  get hasSteps(): boolean {
    return this.recorded > 0;
  }

  /** Wraps kernels so that each operation is recorded in the trace. */
  watch(k: Kernels): Kernels {
    return tracedKernels(k, this.trace);
  }

  /** Called after each step. @param start when the step began, by `performance.now()` */
  stepped(start: number, step: number): void {
    this.trace.addSpan(start, `step ${step}`, "loop");
    if (++this.recorded === steps) this.trace.isOpen = false;
  }
}

/**
 * The trace in Chrome's trace event format (JSON object format), which chrome://tracing and ui.perfetto.dev open: spans nested by
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
