import { each, memoized, P, type Shader } from "./shader";

/*
 * Shaders that work on each channel with a number of its own, or on some of the channels. With `isVector`, numbers of channels are
 * multiples of 4, and parameters count vec4s instead of channels or elements.
 */

const type = (isVector: boolean): "f32" | "vec4<f32>" => (isVector ? "vec4<f32>" : "f32");

/** r0 plus (or times) the channel's number in r1. P(2) channels. */
export const perChannel = memoized((operator: "+" | "*", isVector: boolean): Shader =>
  each([type(isVector), type(isVector)], [type(isVector)], `w0[i] = r0[i] ${operator} r1[i % ${P(2)}];`),
);

/** Copies P(2) of the P(3) channels of r0, beginning with channel P(4). */
export const takeChannels = memoized((isVector: boolean): Shader =>
  each([type(isVector)], [type(isVector)], `w0[i] = r0[(i / ${P(2)}) * ${P(3)} + ${P(4)} + i % ${P(2)}];`),
);

/** The reverse of {@link takeChannels}: copies r0, of P(2) channels, to channels P(4) and following of the P(3) channels of w0. */
export const putChannels = memoized((isVector: boolean): Shader =>
  each([type(isVector)], [type(isVector)], `w0[(i / ${P(2)}) * ${P(3)} + ${P(4)} + i % ${P(2)}] = r0[i];`),
);

const halves = `let c = i % (${P(2)} + ${P(3)}); let place = i / (${P(2)} + ${P(3)});`;

/** Copies the first P(2) channels of r0 to w0, and the other P(3) to w1. */
export const splitInTwo = memoized((isVector: boolean): Shader =>
  each(
    [type(isVector)],
    [type(isVector), type(isVector)],
    `${halves}
  if (c < ${P(2)}) { w0[place * ${P(2)} + c] = r0[i]; } else { w1[place * ${P(3)} + c - ${P(2)}] = r0[i]; }`,
  ),
);

/** Concatenates the P(2) channels of r0 and the P(3) channels of r1. */
export const joinTwo = memoized((isVector: boolean): Shader =>
  each(
    [type(isVector), type(isVector)],
    [type(isVector)],
    `${halves}
  if (c < ${P(2)}) { w0[i] = r0[place * ${P(2)} + c]; } else { w0[i] = r1[place * ${P(3)} + c - ${P(2)}]; }`,
  ),
);
