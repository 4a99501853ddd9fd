import type { Kernels } from "../kernels/kernels";
import { Trace } from "../kernels/trace";
import { tracedKernels } from "../kernels/tracedKernels";

/** Steps that are noted: enough to see what they have in common, few enough for a file that a browser opens. */
const steps = 5;

/** Notes what the first steps of a training consist of. */
export class Profile {
  readonly trace = new Trace();
  private noted = 0;

  get hasSteps(): boolean {
    return this.noted > 0;
  }

  /** The kernels to train with. */
  watch(k: Kernels): Kernels {
    return tracedKernels(k, this.trace);
  }

  /** A whole step, which began at `start`. */
  stepped(start: number, step: number): void {
    this.trace.addSpan(start, `step ${step}`, "loop");
    if (++this.noted === steps) this.trace.isOpen = false;
  }
}

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
