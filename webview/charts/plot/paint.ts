import { projection, type Box, type Projection, type Scene, type SceneLine } from "./scene";

/** How much of a faint line's colour is left; more where contrasts must be strong. */
export const faintness = (strong: boolean): number => (strong ? 0.4 : 0.3);

/** How much is left in the gaps of a dashed band: what is there must not vanish. */
const gapStrength = 0.35;

/** Draws a scene's lines. @param box in the canvas' own pixels, @param ratio of those to CSS pixels */
export function paintLines(
  context: CanvasRenderingContext2D,
  scene: Scene,
  box: Box,
  ratio: number,
  strong: boolean,
): void {
  const place = projection(scene, box);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  for (const line of scene.lines) {
    context.globalAlpha = line.faint ? faintness(strong) : 1;
    // Stroking a path that runs up and down in each column takes a hundred times as long as filling the columns.
    if (line.points.length > box.width) paintBand(context, line, place, ratio);
    else paintPath(context, line, place, ratio);
  }
  context.restore();
}

function paintPath(
  context: CanvasRenderingContext2D,
  { xs, ys, points, stroke, faint }: SceneLine,
  { x, y }: Projection,
  ratio: number,
): void {
  context.strokeStyle = stroke.colour;
  context.lineJoin = "bevel";
  context.lineWidth = (faint ? 1 : stroke.width) * ratio;
  context.setLineDash(faint ? [] : stroke.dash.map((length) => length * ratio));
  context.beginPath();
  for (const index of points) context.lineTo(x(xs[index]!), y(ys[index]!));
  context.stroke();
  if (points.length !== 1) return;
  // A line needs two points; the first step has one.
  context.fillStyle = stroke.colour;
  context.beginPath();
  context.arc(x(xs[points[0]!]!), y(ys[points[0]!]!), 2.5 * ratio, 0, 2 * Math.PI);
  context.fill();
}

/** Fills each column of pixels between its lowest and its highest point, up to where the column before it ended. */
function paintBand(
  context: CanvasRenderingContext2D,
  { xs, ys, points, stroke, faint }: SceneLine,
  { x, y }: Projection,
  ratio: number,
): void {
  context.fillStyle = stroke.colour;
  const strength = context.globalAlpha;
  const width = (faint ? 1 : stroke.width) * ratio;
  const isGap = faint ? () => false : dashes(stroke.dash, ratio);
  let column = NaN;
  let [top, bottom, before] = [NaN, NaN, NaN];
  const fill = (): void => {
    if (Number.isNaN(column)) return;
    context.globalAlpha = isGap(column) ? strength * gapStrength : strength;
    context.fillRect(column, top - width / 2, 1, bottom - top + width);
  };
  for (const index of points) {
    const here = Math.floor(x(xs[index]!));
    const height = y(ys[index]!);
    if (here !== column) {
      fill();
      column = here;
      top = bottom = Number.isNaN(before) ? height : before;
    }
    top = Math.min(top, height);
    bottom = Math.max(bottom, height);
    before = height;
  }
  fill();
}

/** Tells which columns lie in the gaps of a pattern of lines and gaps. */
function dashes(dash: readonly number[], ratio: number): (column: number) => boolean {
  const period = dash.reduce((sum, length) => sum + length, 0);
  return (column) => {
    let at = (column / ratio) % period;
    const part = dash.findIndex((length) => (at -= length) < 0);
    return part % 2 === 1;
  };
}
