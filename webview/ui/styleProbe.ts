/**
 * While it loads, the toolkit asks whether the browser knows `:focus-visible` with an empty style element, which the page's policy
 * refuses; it would then draw the keyboard's outline on every click, and leave an error in the console. Until {@link endStyleProbe} it
 * gets a style sheet instead, which needs no leave and gives the true answer.
 */
Object.defineProperty(document, "createElement", {
  configurable: true,
  value: (name: string): Element => {
    const element = document.createElementNS("http://www.w3.org/1999/xhtml", name === "style" ? "template" : name);
    return name === "style" ? Object.assign(element, { sheet: new CSSStyleSheet() }) : element;
  },
});

/** Gives the document its own way back. */
export function endStyleProbe(): void {
  Reflect.deleteProperty(document, "createElement");
}
