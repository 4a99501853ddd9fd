/** How a process ended. */
export interface ProcessEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last characters of its stderr. */
  readonly stderr: string;
}

/**
 * Explains the exit of a process that reported no error itself.
 *
 * @returns `words` follow its name in a sentence; `outOfMemory` when lack of memory is the likely cause
 */
export function explainEnd({ code, signal, stderr }: ProcessEnd): { words: string; outOfMemory: boolean } {
  const last = lastLine(stderr);
  const quoted = last === "" ? "" : `: ${last}`;
  // Systems end a process that takes too much memory by SIGKILL: 137 (128 + 9) from a shell or a container.
  if (signal === "SIGKILL" || code === 137)
    return { words: `was killed by the system, most likely because memory ran out${quoted}`, outOfMemory: true };
  if (/bad_alloc|out of memory|\bOOM\b|ResourceExhausted|Cannot allocate/i.test(stderr))
    return { words: `ran out of memory${quoted}`, outOfMemory: true };
  const crash = windowsCrashes[code ?? 0];
  if (crash !== undefined) return { words: `${crash.words}${quoted}`, outOfMemory: crash.outOfMemory };
  const how = signal === null ? `with exit code ${code ?? "unknown"}` : `by the signal ${signal}`;
  return { words: `ended ${how}${quoted}`, outOfMemory: false };
}

/** Exit codes by which Windows tells what signals tell elsewhere. */
const windowsCrashes: Partial<Record<number, { readonly words: string; readonly outOfMemory: boolean }>> = {
  0xc0000005: { words: "crashed (access violation)", outOfMemory: false },
  0xc0000135: { words: "did not start, because a DLL is missing", outOfMemory: false },
  0xc0000409: { words: "crashed (stack buffer overrun)", outOfMemory: false },
  0xc0000017: { words: "ran out of memory", outOfMemory: true },
  0xc000012d: { words: "ran out of memory", outOfMemory: true },
};

/**
 * The last telling line. After an uncaught error Node prints the error's stack, its fields, the modules above and its own version:
 * there it is the line that names the error, which a message of several lines follows.
 */
function lastLine(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => /^[^\s}\]-]/.test(line));
  const isUncaught = lines.at(-1)?.startsWith("Node.js v") === true;
  const telling = lines.filter((line) => !/^(Node\.js v|Require stack:)/.test(line));
  const errorLine = isUncaught ? telling.findLast((line) => /^(Uncaught )?\w*Error\b/.test(line)) : undefined;
  const line = (errorLine ?? telling.at(-1) ?? "").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
