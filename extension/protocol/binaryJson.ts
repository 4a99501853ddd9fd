/*
 * Messages hold the numbers of many steps as typed arrays. VS Code passes those to its webviews as they are. In JSON, as for the page of
 * `revgan view`, they are base64 of their little-endian bytes.
 */

/** Typed arrays that a message may hold, by the key that stands for them in JSON. */
const arrayTypes = { $float32: Float32Array, $float64: Float64Array } as const;

/** A message as JSON. */
export function toJson(message: unknown): string {
  return JSON.stringify(message, (_, value: unknown) => {
    for (const [key, Kind] of Object.entries(arrayTypes))
      if (value instanceof Kind)
        return { [key]: toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
    return value;
  });
}

/** A message from JSON. @throws Error for text that is no JSON, or an array that is no whole number of elements */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    for (const [key, Kind] of Object.entries(arrayTypes)) {
      const data = (value as Record<string, unknown>)[key];
      if (typeof data === "string") return new Kind(fromBase64(data));
    }
    return value;
  });
}

function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  // A call takes only so many arguments; spreading them would be six times slower.
  for (let at = 0; at < bytes.length; at += 0x8000)
    pieces.push(String.fromCharCode.apply(null, bytes.subarray(at, at + 0x8000) as unknown as number[]));
  return btoa(pieces.join(""));
}

function fromBase64(text: string): ArrayBuffer {
  const bytes = atob(text);
  const view = new Uint8Array(bytes.length);
  // A loop: Uint8Array.from with a function takes thirty times as long, and a long run has ten million of these.
  for (let i = 0; i < bytes.length; i++) view[i] = bytes.charCodeAt(i);
  return view.buffer;
}
