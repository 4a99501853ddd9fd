import type { Border } from "../../kernels";
import type { RectifierKind } from "../values";
import { ofComponents, rectifierFunctions } from "./functions";
import { each, F, memoized, P, type Shader } from "./shader";

/** Parameters: P(0) elements or vec4s of the result, P(1) threads of a row, sides of the smaller picture P(2) to P(4), channels, or vec4s of them, P(5), width P(6), along the depth P(7). */
const [depth, height, width, lanes, wide, deep] = [P(2), P(3), P(4), P(5), P(6), P(7)] as const;

const type = (isVector: boolean): "f32" | "vec4<f32>" => (isVector ? "vec4<f32>" : "f32");

/** Applies a function of floats to a value of one or four. */
const applied = (isVector: boolean, name: string, ...values: string[]): string =>
  isVector ? ofComponents(name, ...values) : `${name}(${values.join(", ")})`;

/** Where an element of a padded side comes from. */
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

/** Pads, behind a rectifier with the slope F(8). */
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

/** Names of the numbers that {@link foldedSum} needs. */
export type FoldNumbers = Record<"depth" | "height" | "width" | "lanes" | "wide" | "deep", string>;

/** Functions of {@link foldedSum}. */
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

/** Statements that define `sum`, the gradient at `image`, `z`, `y`, `x` and lane `c`, of r0, that of the padded picture. */
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
 * The gradient of padding: each element adds up those that were copied from it, along each axis itself and its mirror images, or itself and
 * those before or behind the edge.
 *
 * @param more of the result: `rectified`, where r1 is positive; `added`, onto r1; else `none`
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
