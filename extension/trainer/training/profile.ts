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
