import { h } from "../../ui/element";
import { nearestFiniteIndex } from "../../../extension/charts/search";
import { projection, type Scene } from "./scene";

/** A dot on each curve at the cursor's step. */
export class Dots {
  private readonly dots: HTMLElement[] = [];

  constructor(private readonly parent: HTMLElement) {}

  /** Places the dots. @param step the cursor's step; null hides all dots */
  show(scene: Scene, step: number | null): void {
    const box = { left: 0, top: 0, width: this.parent.clientWidth, height: this.parent.clientHeight };
    const place = projection(scene, box);
    let used = 0;
    for (const { xs, ys, stroke, faint } of scene.lines) {
      const index = faint || step === null ? undefined : nearestFiniteIndex(xs, ys, step);
      if (index === undefined) continue;
      const [x, y] = [place.x(xs[index]!), place.y(ys[index]!)];
      if (!(x >= 0 && x <= box.width && y >= 0 && y <= box.height)) continue;
      const dot = this.dot(used++);
      dot.style.transform = `translate(${x}px, ${y}px)`;
      dot.style.backgroundColor = stroke.colour;
    }
    this.dots.forEach((dot, index) => (dot.hidden = index >= used));
  }

  private dot(index: number): HTMLElement {
    const known = this.dots[index];
    if (known !== undefined) return known;
    const dot = h("div", { class: "chart-dot" });
    this.dots.push(dot);
    this.parent.append(dot);
    return dot;
  }
}
