import type { Host } from "../host/host";
import type { SampleFigures } from "../../extension/protocol/panel";
import type { ShownRun } from "../state/panelState";
import { t } from "../ui/text";
import type { SamplePicture } from "./sampleNames";

/** A picture's quality figures in one line; empty if none is known. */
export function figuresText(figures: SampleFigures | undefined, picture: SamplePicture): string {
  return figuresOf(figures, picture).join(" · ");
}

/** A picture's quality figures as texts. */
export function figuresOf(figures: SampleFigures | undefined, { domain, index, kind }: SamplePicture): string[] {
  const { mae, psnr, ssim, cycleMae } = figures?.[`${domain}-${index}`] ?? {};
  if (kind === "cycled") return cycleMae === undefined ? [] : [unbroken(t("way back {0}", cycleMae.toFixed(1)))];
  if (kind !== "translated") return [];
  const error = mae === undefined ? [] : [unbroken(t("error {0}", mae.toFixed(1)))];
  const noise =
    psnr === undefined ? [] : [unbroken(psnr === null ? t("PSNR ∞ dB") : t("PSNR {0} dB", psnr.toFixed(1)))];
  const similarity = typeof ssim === "number" ? [unbroken(t("SSIM {0}", ssim.toFixed(2)))] : [];
  return [...error, ...noise, ...similarity];
}

/** Replaces spaces by non-breaking ones, so that a figure, its name and its unit stay in one line. */
function unbroken(text: string): string {
  return text.replaceAll(" ", "\u00a0");
}

/** Milliseconds for which a step is shown before its figures are requested, because a dragged slider passes many steps. */
const settleMilliseconds = 150;

/** Asks the host for the metrics of a shown step's samples: once for each step, and only after the step was shown for a while. */
export class FigureRequests {
  private steps: ShownRun["steps"] | null = null;
  private readonly asked = new Set<number>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting: number | null = null;

  constructor(private readonly host: Host) {}

  /** @param step the step that is shown */
  want({ run, steps }: ShownRun, step: number): void {
    // When the host sends the run anew, `steps` is a new object and the figures received so far are gone.
    if (steps !== this.steps) {
      this.asked.clear();
      this.waiting = null;
      this.steps = steps;
    }
    if (this.asked.has(step) || this.waiting === step) {
      if (this.waiting !== step) this.stop();
      return;
    }
    this.stop();
    this.waiting = step;
    this.timer = setTimeout(() => {
      this.waiting = null;
      this.asked.add(step);
      this.host.post({ type: "figures", run: run.id, step });
    }, settleMilliseconds);
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.waiting = null;
  }
}
