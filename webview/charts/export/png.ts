import type { ExportedChart, ExportedLine } from "./exportedChart";
import { pngOf } from "./saving";

/** Pixels of the PNG file per CSS pixel of the chart. */
const pixelRatio = 2;

/** Draws a chart as PNG. @param font CSS font family. @throws Error if the browser cannot encode it */
export function chartAsPng(picture: ExportedChart, font: string): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = picture.width * pixelRatio;
  canvas.height = picture.height * pixelRatio;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("the browser gave no canvas to draw on");
  context.scale(pixelRatio, pixelRatio);
  paintPicture(context, picture, font);
  return pngOf(canvas);
}

function paintPicture(
  context: CanvasRenderingContext2D,
  { width, height, background, foreground, frame, texts, curves, box }: ExportedChart,
  font: string,
): void {
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  for (const line of frame) paintLine(context, line);
  context.fillStyle = foreground;
  for (const { x, y, text, anchor, isTitle } of texts) {
    context.font = isTitle ? `600 15px ${font}` : `12px ${font}`;
    context.textAlign = anchor === "middle" ? "center" : anchor;
    context.fillText(text, x, y);
  }
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  for (const line of curves) paintLine(context, line);
}

function paintLine(
  context: CanvasRenderingContext2D,
  { points, stroke: { colour, width, dash }, opacity }: ExportedLine,
): void {
  context.strokeStyle = colour;
  context.globalAlpha = opacity;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash([...dash]);
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
  context.globalAlpha = 1;
}
