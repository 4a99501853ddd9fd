/** Attributes of an element by their HTML names, and listeners by names such as `onClick`. Values false and null omit the attribute. */
export type Properties = Readonly<Record<string, string | number | boolean | null | ((event: Event) => void)>>;

/** A child of an element; null is skipped. */
export type Child = Node | string | null;

/** Creates an element with attributes, listeners and children. Strings become text nodes, never HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties?: Properties,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K];
export function h(tag: string, properties?: Properties, ...children: readonly Child[]): HTMLElement;
export function h(tag: string, properties: Properties = {}, ...children: readonly Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Sets an element's text only if it differs, so that selections and screen readers are not disturbed. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
