import type { Host } from "../../host/host";

/** Two units each at worst, and the host takes 200 in all. */
const mostCharacters = 80;

/** A file name of a run's name and what is saved of it; what a file system may refuse becomes a hyphen. */
export function fileName(run: string, what: string, extension: string): string {
  return `${safe(run) || "run"}-${safe(what)}.${extension}`;
}

function safe(text: string): string {
  return Array.from(text)
    .slice(0, mostCharacters)
    .join("")
    .replace(/[/\\:*?"<>|\p{Cc}]+/gu, "-")
    .replace(/^[\s.-]+|[\s.-]+$/g, "");
}

/** Asks the host to save a file. */
export async function save(host: Host, name: string, content: Blob): Promise<void> {
  host.post({ type: "save", name, base64: await toBase64(content) });
}

/** A canvas as PNG. @throws Error if the browser cannot make it: the canvas is too large */
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
      // A `data:` address; the bytes come after its comma.
      if (typeof reader.result === "string") resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    };
    reader.onerror = () => reject(reader.error ?? new Error("the browser could not read what it made"));
    reader.readAsDataURL(content);
  });
}
