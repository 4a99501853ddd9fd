/** Four steps of 32 pictures. */
const most = 128;

/** Fetches pictures that may be looked at next, and keeps the last of them in the browser's memory. */
export class PicturePreloader {
  private readonly kept = new Map<string, HTMLImageElement>();

  preload(addresses: readonly string[]): void {
    for (const address of addresses) {
      const image = this.kept.get(address) ?? new Image();
      if (image.src === "") image.src = address;
      // The last in a Map are the latest.
      this.kept.delete(address);
      this.kept.set(address, image);
    }
    for (const address of [...this.kept.keys()].slice(0, Math.max(0, this.kept.size - most))) this.kept.delete(address);
  }
}
