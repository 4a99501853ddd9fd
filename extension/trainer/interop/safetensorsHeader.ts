import { visit } from "jsonc-parser";
import { RevganError } from "../../protocol/errors";

/** One tensor of the header; `begin` and `end` are byte offsets in the data behind the header. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** The most bytes of a header, as in the reference implementation. */
const maxHeaderBytes = 100_000_000;

/**
 * Reads and checks the header of a safetensors file: tensors lie end to end, from the first byte of the data to the last.
 * Whether a tensor's bytes fit its shape and type is for the caller to check.
 *
 * @throws RevganError `checkpoint`
 */
export function readHeader(bytes: Uint8Array, fileName: string): { entries: HeaderEntry[]; data: Uint8Array } {
  const fail = (what: string): never => {
    throw new RevganError(
      "checkpoint",
      `${fileName} is not a whole safetensors file: ${what}`,
      "get the file again, or use another",
    );
  };
  if (bytes.length < 8) fail(`it has only ${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes)) fail(`its header would have ${length.toString()} bytes`);
  if (length > BigInt(bytes.length - 8))
    fail(`its header would have ${length.toString()} bytes, the file has ${bytes.length}`);
  const data = bytes.subarray(8 + Number(length));
  const header = parseHeader(bytes.subarray(8, 8 + Number(length)), fail);

  const entries: HeaderEntry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") checkMetadata(value, fail);
    else entries.push(parseEntry(name, value, fail));
  }
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin < end) fail(`${entry.name} overlaps another tensor`);
    if (entry.begin > end) fail(`there is a hole before ${entry.name}`);
    end = entry.end;
  }
  if (end > data.length) fail(`it ends after ${data.length} of ${end} bytes of data`);
  if (end < data.length) fail(`it has ${data.length - end} bytes too many`);
  return { entries, data };
}

type Fail = (what: string) => never;

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let text = "";
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch {
    fail("its header is not JSON");
  }
  if (!text.startsWith("{")) fail("its header is not a JSON object");
  const repeated = firstRepeatedName(text);
  if (repeated !== undefined) fail(`its header names ${repeated} twice`);
  return header as Record<string, unknown>;
}

/** A name that occurs twice at the header's top level: JSON.parse silently takes the last of duplicate names. */
function firstRepeatedName(text: string): string | undefined {
  const names = new Set<string>();
  let repeated: string | undefined;
  visit(text, {
    onObjectProperty: (name, _offset, _length, _line, _character, path) => {
      if (path().length > 0) return;
      if (names.has(name)) repeated ??= name;
      names.add(name);
    },
  });
  return repeated;
}

function checkMetadata(value: unknown, fail: Fail): void {
  const isText =
    typeof value === "object" && value !== null && Object.values(value).every((text) => typeof text === "string");
  if (!isText) fail("its metadata is not text");
}

function parseEntry(name: string, value: unknown, fail: Fail): HeaderEntry {
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (value ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== "string") return fail(`${name} has no number type`);
  if (!areCounts(shape)) return fail(`${name} has no shape`);
  const [begin, end, ...more] = areCounts(offsets) ? offsets : [];
  if (begin === undefined || end === undefined || more.length > 0) return fail(`${name} has no data offsets`);
  if (begin > end) return fail(`${name} ends before it begins`);
  return { name, dtype, shape, begin, end };
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
