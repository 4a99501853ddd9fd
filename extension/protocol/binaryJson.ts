/*
 * Messages hold the numbers of many steps as typed arrays. VS Code passes typed arrays to its webviews unchanged. In JSON, which the page
 * of `revgan view` gets, each is the base64 text of its little-endian bytes.
 */

/** The kinds of typed arrays that a message may hold, by the key that marks each kind in JSON: `{ "$float32": "base64…" }`. */
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
  // In pieces, because engines limit the number of arguments of a call. `apply` is six times as fast as spread syntax.
  for (let at = 0; at < bytes.length; at += 0x8000)
    pieces.push(String.fromCharCode.apply(null, bytes.subarray(at, at + 0x8000) as unknown as number[]));
  return btoa(pieces.join(""));
}

function fromBase64(text: string): ArrayBuffer {
  const bytes = atob(text);
  const view = new Uint8Array(bytes.length);
  // A loop, because Uint8Array.from with a function takes thirty times as long, and the steps of a long run have ten million bytes.
  for (let i = 0; i < bytes.length; i++) view[i] = bytes.charCodeAt(i);
  return view.buffer;
}
