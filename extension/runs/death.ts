import type { TrainerFailure } from "../protocol/trainer";

/** How a process ended. */
export interface Death {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last words on stderr. */
  readonly stderr: string;
}

const lessMemory =
  "lower data.cropSize, training.batchSize or network.width, close other programs, then resume from the checkpoint";

/** Explains the end of a trainer that did not say why it ended. */
export function explainDeath({ code, signal, stderr }: Death): TrainerFailure {
  const last = lastLine(stderr);
  const words = last === "" ? "" : `: ${last}`;
  if (signal === "SIGKILL" || code === 137) {
    return {
      code: "internal",
      message: `the trainer was killed by the system, most likely because memory ran out${words}`,
      remedy: lessMemory,
    };
  }
  if (/bad_alloc|out of memory|\bOOM\b|ResourceExhausted|Cannot allocate/i.test(stderr)) {
    return { code: "internal", message: `the trainer ran out of memory${words}`, remedy: lessMemory };
  }
  const how = signal === null ? `with exit code ${code ?? "unknown"}` : `by the signal ${signal}`;
  return {
    code: "internal",
    message: `the trainer ended ${how}${words}`,
    remedy: "resume from the checkpoint; if it happens again, look into the log",
  };
}

/** TensorFlow's and Node's last words are the telling ones; what Node adds to an error (frames, fields, the modules above) is not. */
function lastLine(stderr: string): string {
  const line =
    stderr
      .split("\n")
      .findLast((each) => /^[^\s}\]-]/.test(each) && !/^(Node\.js v|Require stack:)/.test(each))
      ?.trim() ?? "";
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
