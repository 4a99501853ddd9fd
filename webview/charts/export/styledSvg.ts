/** CSS properties that are copied into the elements, since the file has no style sheet. */
const copiedProperties = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "paint-order",
  "stroke-linejoin",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
];
/** Pixels of a PNG file per CSS pixel of the chart. */
const pixelRatio = 2;

/** A displayed SVG element as a file: computed styles are written into its elements, with the page's background. */
export function styledSvg(chart: SVGSVGElement, title: string): string {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  copyStyles(chart, copy);
  for (const pulsing of copy.querySelectorAll(".memory-pulse")) pulsing.setAttribute("opacity", "1");
  for (const element of [copy, ...copy.querySelectorAll("*")]) element.removeAttribute("class");
  const name = document.createElementNS(copy.namespaceURI, "title");
  name.textContent = title;
  const ground = document.createElementNS(copy.namespaceURI, "rect");
  for (const [attribute, value] of Object.entries({ width: "100%", height: "100%", fill: backgroundOf(chart) }))
    ground.setAttribute(attribute, value);
  copy.prepend(name, ground);
  copy.removeAttribute("aria-hidden");
  return new XMLSerializer().serializeToString(copy);
}

/**
 * Renders the text of an SVG file, as from {@link styledSvg}, as PNG. Width and height are in CSS pixels.
 * @throws Error if the browser cannot draw it
 */
export async function pngOfSvg(svg: string, width: number, height: number): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * pixelRatio);
    canvas.height = Math.ceil(height * pixelRatio);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (picture === null) throw new Error("the browser could not make a PNG of this chart");
    return picture;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function copyStyles(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const property of copiedProperties) {
    const value = style.getPropertyValue(property);
    if (value !== "") to.setAttribute(property, value);
  }
  for (const [at, child] of [...from.children].entries()) copyStyles(child, to.children[at]!);
}

function backgroundOf(element: Element): string {
  return getComputedStyle(element).getPropertyValue("--vscode-editor-background").trim() || "white";
}
