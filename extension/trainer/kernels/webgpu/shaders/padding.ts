import type { Border } from "../../kernels";
import type { RectifierKind } from "../values";
import { ofComponents, rectifierFunctions } from "./functions";
import { each, F, memoized, P, type Shader } from "./shader";

/**
 * Parameters of all shaders here: P(0) is the number of elements (or vec4s) of the result, P(1) of threads in a row; P(2) to P(4) are the
 * sides of the picture without padding, P(5) its channels (or vec4s of channels), P(6) the width of the padding, P(7) its width along the
 * depth.
 */
const [depth, height, width, lanes, wide, deep] = [P(2), P(3), P(4), P(5), P(6), P(7)] as const;

const type = (isVector: boolean): "f32" | "vec4<f32>" => (isVector ? "vec4<f32>" : "f32");

/** A WGSL expression that applies a function of floats to floats or, with `isVector`, to each component of vec4s. */
const applied = (isVector: boolean, name: string, ...values: string[]): string =>
  isVector ? ofComponents(name, ...values) : `${name}(${values.join(", ")})`;

/** The WGSL function `source`: the position that an element of a padded side is copied from. */
const source = (border: Border): string =>
  `fn source(at: u32, side: u32, wide: u32) -> u32 { ${
    border === "reflect"
      ? `let place = abs(i32(at) - i32(wide)); let end = i32(side) - 1; return u32(select(place, 2 * end - place, place > end));`
      : `return u32(clamp(i32(at) - i32(wide), 0, i32(side) - 1));`
  } }`;

const places = (w: string, h: string, d: string): string => `let c = i % ${lanes};
  let line = i / ${lanes};
  let x = line % ${w};
  let plane = line / ${w};
  let y = plane % ${h};
  let rest = plane / ${h};
  let z = rest % ${d};
  let image = rest / ${d};`;

/** Applies a rectifier with the slope F(8), and pads the result. */
export const padShader = memoized((border: Border, rectifier: RectifierKind, isVector: boolean): Shader => {
  const value = `r0[(((image * ${depth} + source(z, ${depth}, ${deep})) * ${height} + source(y, ${height}, ${wide})) * ${width} + source(x, ${width}, ${wide})) * ${lanes} + c]`;
  return each(
    [type(isVector)],
    [type(isVector)],
    `${places(`(${width} + 2u * ${wide})`, `(${height} + 2u * ${wide})`, `(${depth} + 2u * ${deep})`)}
  let value = ${value};
  w0[i] = ${rectifier === "none" ? "value" : applied(isVector, "rectified", "value")};`,
    `${source(border)}${rectifierFunctions(rectifier, F(8))}`,
  );
});

/**
 * WGSL expressions for the sizes that {@link foldedSum} needs: the sides of the picture without padding, its lanes, and the widths of the
 * padding.
 */
export type FoldNumbers = Record<"depth" | "height" | "width" | "lanes" | "wide" | "deep", string>;

/** The WGSL functions that {@link foldedSum} calls. */
export function foldFunctions(border: Border): string {
  const copies =
    border === "reflect"
      ? `fn copies(at: u32, side: u32, wide: u32) -> u32 { return select(3u, 1u, wide == 0u); }
fn copyOf(i: u32, at: u32, side: u32, wide: u32) -> u32 {
  if (i == 0u) { return at + wide; }
  if (i == 1u) { return select(none, wide - at, at >= 1u && at <= wide); }
  let back = side - 1u - at;
  return select(none, wide + side - 1u + back, back >= 1u && back <= wide);
}`
      : `fn copies(at: u32, side: u32, wide: u32) -> u32 { return 1u + select(0u, wide, at == 0u) + select(0u, wide, at == side - 1u); }
fn copyOf(i: u32, at: u32, side: u32, wide: u32) -> u32 { return select(at + wide, 0u, at == 0u) + i; }`;
  return `const none = 0xffffffffu;
${copies}`;
}

/**
 * WGSL statements that define `sum`, the gradient of the picture at `image`, `z`, `y`, `x` and lane `c`, from r0, the gradient of the
 * padded picture.
 */
export function foldedSum({ depth, height, width, lanes, wide, deep }: FoldNumbers, isVector: boolean): string {
  const loop = (axis: string, at: string, side: string, by: string): string =>
    `for (var ${axis} = 0u; ${axis} < copies(${at}, ${side}, ${by}); ${axis}++) { let ${at}From = copyOf(${axis}, ${at}, ${side}, ${by}); if (${at}From == none) { continue; }`;
  return `var sum = ${type(isVector)}();
  ${loop("a", "z", depth, deep)}
  ${loop("b", "y", height, wide)}
  ${loop("d", "x", width, wide)}
    sum += r0[(((image * (${depth} + 2u * ${deep}) + zFrom) * (${height} + 2u * ${wide}) + yFrom) * (${width} + 2u * ${wide}) + xFrom) * ${lanes} + c];
  } } }`;
}

/**
 * The gradient of padding. Each element of the picture gets the sum of the gradients of the elements that were copied from it: along each
 * axis its own and its mirror images', or at an edge its own and those of the padding beyond.
 *
 * @param more `rectified`: the result is 0 where r1 is not positive; `added`: r1 is added to the result; `none`: neither
 */
export const padGradientShader = memoized(
  (border: Border, more: "none" | "rectified" | "added", isVector: boolean): Shader => {
    const result = {
      none: "sum",
      added: "r1[i] + sum",
      rectified: applied(isVector, "passed", "sum", "r1[i]"),
    }[more];
    return each(
      more === "none" ? [type(isVector)] : [type(isVector), type(isVector)],
      [type(isVector)],
      `${places(width, height, depth)}
  ${foldedSum({ depth, height, width, lanes, wide, deep }, isVector)}
  w0[i] = ${result};`,
      `${foldFunctions(border)}
${rectifierFunctions("relu", "")}`,
    );
  },
);
