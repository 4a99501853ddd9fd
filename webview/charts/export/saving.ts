import type { Host } from "../../host/host";

/**
 * Code points kept of a part of a file name. Each takes up to two UTF-16 units, so a run's name takes at most 160 of the 200 units that the
 * protocol permits for a file name: the other part and the extension must fit into the rest.
 */
const maxCharacters = 80;

/** A file name from the run's name; characters that a file system may refuse become hyphens. */
export function fileName(run: string, what: string, extension: string): string {
  return `${safeFileNamePart(run) || "run"}-${safeFileNamePart(what)}.${extension}`;
}

function safeFileNamePart(text: string): string {
  return Array.from(text)
    .slice(0, maxCharacters)
    .join("")
    .replace(/[/\\:*?"<>|\p{Cc}]+/gu, "-")
    .replace(/^[\s.-]+|[\s.-]+$/g, "");
}

/** Posts the content to the host, which saves it as a file. Resolves when the message is posted, not when the file is saved. */
export async function save(host: Host, name: string, content: Blob): Promise<void> {
  host.post({ type: "save", name, base64: await toBase64(content) });
}

/** Encodes a canvas as PNG. @throws Error if the browser cannot encode it, as when the canvas is too large */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error("the browser could not make a PNG of this chart"));
      else resolve(blob);
    }, "image/png");
  });
}

function toBase64(content: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      // The result is a `data:` URL, in which base64 follows the comma.
      if (typeof reader.result === "string") resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    };
    reader.onerror = () => reject(reader.error ?? new Error("the browser could not read what it made"));
    reader.readAsDataURL(content);
  });
}
