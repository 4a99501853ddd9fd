import { type Picture, toSamples } from "../data/picture";

/** The colours of a label map, one for each class, on the scale of 0 to 255; a colour has one number for each channel. */
export type Palette = readonly (readonly number[])[];

/** The class of every pixel of samples `[…, channels]`: the index of the nearest colour, of equally near ones the first. */
export function classesOf(samples: Float64Array, palette: Palette): Uint16Array {
  const channels = palette[0]!.length;
  const classes = new Uint16Array(samples.length / channels);
  for (let pixel = 0; pixel < classes.length; pixel++)
    classes[pixel] = nearest(samples, pixel * channels, palette).index;
  return classes;
}

/** Mean squared distance of samples `[…, channels]` from their nearest colours, per pixel and channel. */
export function distanceFrom(palette: Palette, samples: Float64Array): number {
  const channels = palette[0]!.length;
  let sum = 0;
  for (let at = 0; at < samples.length; at += channels) sum += nearest(samples, at, palette).distance;
  return sum / samples.length;
}

function nearest(samples: Float64Array, at: number, palette: Palette): { index: number; distance: number } {
  let [index, distance] = [0, Infinity];
  for (const [i, colour] of palette.entries()) {
    let away = 0;
    for (let channel = 0; channel < colour.length; channel++) away += (samples[at + channel]! - colour[channel]!) ** 2;
    if (away < distance) [index, distance] = [i, away];
  }
  return { index, distance };
}

/** The most different colours that the pictures of a domain have together if they are label maps. */
const mostColours = 64;

/** Detects label maps: pictures that together have only a few exact colours. */
export class PaletteSearch {
  /** The colours found so far, each as one number with 16 bits for each channel. */
  private readonly colours = new Set<number>();
  private channels = 0;

  /** Adds a picture's colours. @returns whether the pictures may still be label maps */
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

  /** The colours, from dark to light by their first channel; null where the pictures are no label maps, or all have one colour. */
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
