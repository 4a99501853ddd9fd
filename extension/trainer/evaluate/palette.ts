/** Colours of a label map, each a class, on the scale of 0 to 255: one number a channel. */
export type Palette = readonly (readonly number[])[];

/** The class of every pixel of samples `[…, channels]`: the nearest colour, and the first of several that are as near. */
export function classesOf(samples: Float64Array, palette: Palette): Uint16Array {
  const channels = palette[0]!.length;
  const classes = new Uint16Array(samples.length / channels);
  for (let pixel = 0; pixel < classes.length; pixel++)
    classes[pixel] = nearest(samples, pixel * channels, palette).index;
  return classes;
}

/** Mean squared distance, a channel, of samples `[…, channels]` from their nearest colours. */
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
