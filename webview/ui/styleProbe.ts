/**
 * While it loads, the toolkit tests with a style element whether the browser supports `:focus-visible`. The content security policy
 * blocks the element; the toolkit would then show focus outlines on clicks, and the console an error. Until {@link endStyleProbe} it gets
 * an object with a constructed style sheet instead, which the policy permits and with which the test succeeds.
 */
Object.defineProperty(document, "createElement", {
  configurable: true,
  value: (name: string): Element => {
    const element = document.createElementNS("http://www.w3.org/1999/xhtml", name === "style" ? "template" : name);
    return name === "style" ? Object.assign(element, { sheet: new CSSStyleSheet() }) : element;
  },
});

/** Restores `document.createElement`. */
export function endStyleProbe(): void {
  Reflect.deleteProperty(document, "createElement");
}
