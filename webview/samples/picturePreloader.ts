/** The most pictures that are kept in memory: those of four steps with 32 pictures each. */
const maxKept = 128;

/** Loads pictures that are likely to be shown next, and keeps references to the latest, so that the browser does not drop them. */
export class PicturePreloader {
  private readonly kept = new Map<string, HTMLImageElement>();

  preload(addresses: readonly string[]): void {
    for (const address of addresses) {
      const image = this.kept.get(address) ?? new Image();
      if (image.src === "") image.src = address;
      // A Map iterates in the order of insertion: the first are the oldest.
      this.kept.delete(address);
      this.kept.set(address, image);
    }
    for (const address of [...this.kept.keys()].slice(0, Math.max(0, this.kept.size - maxKept)))
      this.kept.delete(address);
  }
}
