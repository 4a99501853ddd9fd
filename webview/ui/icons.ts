/** SVG paths in a view box of 16 by 16, drawn as strokes in the text's colour. */
const paths = {
  play: "M4.5 2.8v10.4l8.5-5.2z",
  pause: "M5 3v10M11 3v10",
  stop: "M3.5 3.5h9v9h-9z",
  resume: "M3 3v10M6 3.2v9.6l7.5-4.8z",
  restart: "M13.2 8a5.2 5.2 0 1 1-1.6-3.7M13.2 1.8v3h-3",
  folder: "M1.5 12.8v-9.6h4.6l1.6 1.8h6.8v7.8z",
  log: "M3 2h10v12h-10zM5.5 5.2h5M5.5 8h5M5.5 10.8h3",
  panel: "M1.5 2.5h13v11h-13zM1.5 5.5h13M9.5 5.5v8",
  add: "M8 2.5v11M2.5 8h11",
  beaker: "M6 1.8h4M6.6 2v4.4l-4 6.4c-.4.8 0 1.5.8 1.5h9.2c.8 0 1.2-.7.8-1.5l-4-6.4v-4.4M4.6 10h6.8",
  download: "M8 2v8.2M4.6 7l3.4 3.4 3.4-3.4M2.5 13.5h11",
  picture: "M1.5 2.8h13v10.4h-13zM2.8 11.8l3.6-4.6 2.8 3.2 1.8-1.8 2.4 3.2M10.8 5.2a.9.9 0 1 1 0 1.8a.9.9 0 1 1 0-1.8z",
  evaluate: "M2 4l1.2 1.2 2-2.4M7.5 4.2h6.5M2 8l1.2 1.2 2-2.4M7.5 8.2h6.5M2 12l1.2 1.2 2-2.4M7.5 12.2h6.5",
  info: "M8 1.6a6.4 6.4 0 1 1 0 12.8a6.4 6.4 0 1 1 0-12.8zM8 7v4.4M8 4.4v1.2",
  close: "M4 4l8 8M12 4l-8 8",
  warning: "M8 1.8l6.6 11.7h-13.2zM8 6v3.8M8 11.2v1",
  error: "M8 1.6a6.4 6.4 0 1 1 0 12.8a6.4 6.4 0 1 1 0-12.8zM5.5 5.5l5 5M10.5 5.5l-5 5",
  passed: "M8 1.6a6.4 6.4 0 1 1 0 12.8a6.4 6.4 0 1 1 0-12.8zM5 8.2l2.2 2.2 4-4.6",
  clock: "M8 1.6a6.4 6.4 0 1 1 0 12.8a6.4 6.4 0 1 1 0-12.8zM8 4.2v4l2.6 1.6",
  circle: "M8 1.6a6.4 6.4 0 1 1 0 12.8a6.4 6.4 0 1 1 0-12.8z",
  busy: "M8 1.6a6.4 6.4 0 1 1-6.4 6.4",
  broken: "M8 1.6a6.4 6.4 0 1 1 0 12.8a6.4 6.4 0 1 1 0-12.8zM8 4.4v4.4M8 10.4v1.2",
} as const;

/** Names of the icons. */
export type IconName = keyof typeof paths;

const namespace = "http://www.w3.org/2000/svg";

/** An icon in the text's colour and size. It is hidden from screen readers: its meaning must also be in the text. */
export function icon(name: IconName): SVGElement {
  const element = document.createElementNS(namespace, "svg");
  for (const [attribute, value] of Object.entries({
    class: "icon",
    viewBox: "0 0 16 16",
    width: "16",
    height: "16",
    "aria-hidden": "true",
    focusable: "false",
  }))
    element.setAttribute(attribute, value);
  element.append(document.createElementNS(namespace, "path"));
  setIcon(element, name);
  return element;
}

/** Changes which icon an element shows. */
export function setIcon(element: SVGElement, name: IconName): void {
  if (element.dataset.icon === name) return;
  element.dataset.icon = name;
  element.firstElementChild?.setAttribute("d", paths[name]);
}
