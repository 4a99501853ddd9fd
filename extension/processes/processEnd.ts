/** How a process ended. */
export interface ProcessEnd {
  /** The exit code; null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last characters of the process's stderr. */
  readonly stderr: string;
}

/**
 * Explains the exit of a process that reported no error itself.
 *
 * @returns `words`: a predicate to follow the process's name in a sentence; `outOfMemory`: whether lack of memory is the likely cause
 */
export function explainEnd({ code, signal, stderr }: ProcessEnd): { words: string; outOfMemory: boolean } {
  const last = lastLine(stderr);
  const quoted = last === "" ? "" : `: ${last}`;
  // Operating systems end a process that takes too much memory by SIGKILL. A shell or a container reports this as exit code 137 (128 + 9).
  if (signal === "SIGKILL" || code === 137)
    return { words: `was killed by the system, most likely because memory ran out${quoted}`, outOfMemory: true };
  if (/bad_alloc|out of memory|\bOOM\b|ResourceExhausted|Cannot allocate/i.test(stderr))
    return { words: `ran out of memory${quoted}`, outOfMemory: true };
  const crash = windowsCrashes[code ?? 0];
  if (crash !== undefined) return { words: `${crash.words}${quoted}`, outOfMemory: crash.outOfMemory };
  const how = signal === null ? `with exit code ${code ?? "unknown"}` : `by the signal ${signal}`;
  return { words: `ended ${how}${quoted}`, outOfMemory: false };
}

/** Exit codes (NTSTATUS) of crashes on Windows, which has no signals. */
const windowsCrashes: Partial<Record<number, { readonly words: string; readonly outOfMemory: boolean }>> = {
  0xc0000005: { words: "crashed (access violation)", outOfMemory: false },
  0xc0000135: { words: "did not start, because a DLL is missing", outOfMemory: false },
  0xc0000409: { words: "crashed (stack buffer overrun)", outOfMemory: false },
  0xc0000017: { words: "ran out of memory", outOfMemory: true },
  0xc000012d: { words: "ran out of memory", outOfMemory: true },
};

/**
 * The last line that explains the exit. After an uncaught error Node prints the error's stack, its fields, the requiring modules and Node's
 * version; of that output the line with the error's name and message is returned.
 */
function lastLine(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => /^[^\s}\]-]/.test(line));
  const isUncaught = lines.at(-1)?.startsWith("Node.js v") === true;
  const telling = lines.filter((line) => !/^(Node\.js v|Require stack:)/.test(line));
  const errorLine = isUncaught ? telling.findLast((line) => /^(Uncaught )?\w*Error\b/.test(line)) : undefined;
  const line = (errorLine ?? telling.at(-1) ?? "").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
