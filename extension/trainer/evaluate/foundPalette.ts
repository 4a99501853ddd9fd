import { type Picture, toSamples } from "../data/picture";
import type { Palette } from "./palette";

/** Pictures with more colours than this, all together, are no label maps. */
const mostColours = 64;

/** Finds out whether pictures are label maps: whether all of them together have a few exact colours. */
export class PaletteSearch {
  /** Colours as one number, 16 bits a channel. */
  private readonly colours = new Set<number>();
  private channels = 0;

  /** Looks at a picture. @returns whether the pictures may still be label maps */
  add({ data, bits, channels }: Picture): boolean {
    const samples = toSamples(data, bits);
    const scale = bits === 8 ? 257 : 1;
    this.channels = channels;
    for (let at = 0; at < samples.length && this.colours.size <= mostColours; at += channels) {
      let colour = 0;
      for (let channel = 0; channel < channels; channel++) colour = colour * 65536 + samples[at + channel]! * scale;
      this.colours.add(colour);
    }
    return this.colours.size <= mostColours;
  }

  /** The colours, from dark to light by their first channel; null where the pictures are no label maps, or all of one colour. */
  get palette(): Palette | null {
    if (this.colours.size < 2 || this.colours.size > mostColours) return null;
    return [...this.colours].sort((a, b) => a - b).map((colour) => channelsOf(colour, this.channels));
  }
}

function channelsOf(colour: number, channels: number): number[] {
  return Array.from(
    { length: channels },
    (_, channel) => (Math.floor(colour / 65536 ** (channels - 1 - channel)) % 65536) / 257,
  );
}
