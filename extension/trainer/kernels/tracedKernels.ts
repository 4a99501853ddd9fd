import type { Kernels } from "./kernels";
import type { Ledger, MemoryPart } from "./ledger";
import { Tensor } from "./tensor";
import type { Trace } from "./trace";

/**
 * Wraps kernels so that a trace records every operation, the part of the network that it runs for, and the live bytes. Each call waits for
 * its operation, so its time is that of the operation and of those that the engine had put off until this call.
 */
export function tracedKernels(k: Kernels, trace: Trace): Kernels {
  const ledger = tracedLedger(k.ledger, trace);
  k.ledger.onChange = (live) => trace.addBytes(live);
  return new Proxy(k, {
    get(target, name) {
      if (name === "ledger") return ledger;
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function" || typeof name !== "string") return member;
      return (...args: unknown[]): unknown => {
        const start = performance.now();
        const result: unknown = Reflect.apply(member, target, args);
        target.finish();
        const duration = performance.now() - start;
        const shapes = args.flatMap((arg) => (arg instanceof Tensor ? [arg.shape] : []));
        trace.add({
          name: operationName(name, args),
          kind: "operation",
          part: k.ledger.currentPart,
          start,
          duration,
          shapes,
        });
        return result;
      };
    },
  });
}

/** For `unary` and `binary` the name of the operation is their first argument. */
function operationName(method: string, args: readonly unknown[]): string {
  return typeof args[0] === "string" ? args[0] : method;
}

function tracedLedger(ledger: Ledger, trace: Trace): Ledger {
  return new Proxy(ledger, {
    get(target, name) {
      if (name === "within") {
        return <T>(part: MemoryPart, work: () => T): T => {
          const start = performance.now();
          try {
            return target.within(part, work);
          } finally {
            trace.addSpan(start, part, "part");
          }
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}
