import { each, memoized, P, type Shader } from "./shader";

/*
 * What is done for each channel alone, or to some channels. With `isVector` the channels are multiples of 4, and every number of channels or
 * elements counts vec4s.
 */

const type = (isVector: boolean): "f32" | "vec4<f32>" => (isVector ? "vec4<f32>" : "f32");

/** r0 plus, or times, the number of the channel in r1; P(2) channels. */
export const perChannel = memoized((operator: "+" | "*", isVector: boolean): Shader =>
  each([type(isVector), type(isVector)], [type(isVector)], `w0[i] = r0[i] ${operator} r1[i % ${P(2)}];`),
);

/** Channels of r0, P(3) in all, from P(4) on, to a tensor of P(2). */
export const takeChannels = memoized((isVector: boolean): Shader =>
  each([type(isVector)], [type(isVector)], `w0[i] = r0[(i / ${P(2)}) * ${P(3)} + ${P(4)} + i % ${P(2)}];`),
);

/** The reverse of {@link takeChannels}. */
export const putChannels = memoized((isVector: boolean): Shader =>
  each([type(isVector)], [type(isVector)], `w0[(i / ${P(2)}) * ${P(3)} + ${P(4)} + i % ${P(2)}] = r0[i];`),
);

const halves = `let c = i % (${P(2)} + ${P(3)}); let place = i / (${P(2)} + ${P(3)});`;

/** The first P(2) channels of r0 to w0, and the other P(3) to w1. */
export const splitInTwo = memoized((isVector: boolean): Shader =>
  each(
    [type(isVector)],
    [type(isVector), type(isVector)],
    `${halves}
  if (c < ${P(2)}) { w0[place * ${P(2)} + c] = r0[i]; } else { w1[place * ${P(3)} + c - ${P(2)}] = r0[i]; }`,
  ),
);

/** P(2) channels of r0, and behind them P(3) of r1. */
export const joinTwo = memoized((isVector: boolean): Shader =>
  each(
    [type(isVector), type(isVector)],
    [type(isVector)],
    `${halves}
  if (c < ${P(2)}) { w0[i] = r0[place * ${P(2)} + c]; } else { w0[i] = r1[place * ${P(3)} + c - ${P(2)}]; }`,
  ),
);
