import { channels, elements, type Shape } from "../tensor";
import type { Stored } from "./bufferPool";
import type { Gpu } from "./gpu";
import { type NormPlan, normPlan, sizesOf } from "./plans";
import * as shaders from "./shaders/norm";
import { bitsOf, type Shader } from "./shaders/shader";
import { type Deferred, type Rectifier, rectifierKind } from "./values";

/** Dispatches the shaders of norms, their gradients and moments, and sums by channel. */
export class NormRunner {
  constructor(private readonly gpu: Gpu) {}

  normalize(x: Stored, shape: Shape, plan: NormPlan, y: Stored, rstd: Stored): void {
    const { groupLanes, isVector, parts } = plan;
    const shader = shaders.normalizeShader(parts > 1, groupLanes, isVector);
    if (parts === 1) this.run(shader, [x, y, rstd], plan);
    else
      this.withParts(plan, shape, (sums) => {
        this.run(shaders.partialMoments(groupLanes, isVector), [x, sums], plan);
        this.run(shader, [x, sums, y, rstd], plan);
      });
  }

  /**
   * @param factor by which dy is multiplied
   * @param rectifier a rectifier that was applied to y, so that dy is the gradient by the rectified y; null for none
   */
  normalizeGradient(
    dy: Stored,
    { factor, rectifier }: { readonly factor: number; readonly rectifier: Rectifier },
    y: Stored,
    rstd: Stored,
    shape: Shape,
    plan: NormPlan,
    dx: Stored,
  ): void {
    const { groupLanes, isVector, parts } = plan;
    const kind = rectifierKind(rectifier);
    const shader = shaders.normalizeGradientShader(parts > 1, kind, groupLanes, isVector);
    const numbers = [bitsOf(factor), bitsOf(rectifier?.slope ?? 0)];
    if (parts === 1) this.run(shader, [dy, y, rstd, dx], plan, numbers);
    else
      this.withParts(plan, shape, (sums) => {
        this.run(shaders.partialProducts(kind, groupLanes, isVector), [dy, y, sums], plan, numbers);
        this.run(shader, [dy, y, rstd, sums, dx], plan, numbers);
      });
  }

  /** Whether {@link deferredGradient} can compute the gradient from this deferred dy. */
  takesGradient({ parts }: NormPlan, deferred: Deferred, y: Stored): boolean {
    if (deferred.kind === "negated") return true;
    if (deferred.kind === "masked") return deferred.sources[1] === y;
    return deferred.kind === "folded" && parts === 1 && (!deferred.rectified || deferred.sources[1] === y);
  }

  /** The gradient of a norm from a deferred dy, which the same shader computes. */
  deferredGradient(deferred: Deferred, y: Stored, rstd: Stored, shape: Shape, plan: NormPlan, dx: Stored): void {
    const dy = deferred.sources[0];
    if (deferred.kind === "folded") {
      const { width, border, rectified } = deferred;
      const { depth, height, width: across, isDeep } = sizesOf(shape);
      const shader = shaders.foldedNormGradientShader(border, rectified, plan.groupLanes, plan.isVector);
      const numbers = [bitsOf(1), depth, height, across, width, isDeep ? width : 0];
      this.run(shader, [dy, y, rstd, dx], plan, numbers);
      return;
    }
    // A negated dy is not computed: its factor of −1 is multiplied into the scale.
    const factor = deferred.kind === "negated" ? -1 : 1;
    const rectifier = deferred.kind === "masked" ? deferred.rectifier : null;
    this.normalizeGradient(dy, { factor, rectifier }, y, rstd, shape, plan, dx);
  }

  /** Mean and biased variance of each image and channel. */
  moments(x: Stored, shape: Shape, mean: Stored, variance: Stored): void {
    const plan = normPlan(shape, "image");
    const { groups, groupLanes, isVector, lanes, parts, places, size } = plan;
    this.withParts({ ...plan, scratch: 8 * parts * groups * channels(shape) }, shape, (sums) => {
      this.run(shaders.partialMoments(groupLanes, isVector), [x, sums], plan);
      this.gpu.runEach(shaders.finishMoments(isVector), [sums, mean, variance], groups * lanes, [
        lanes,
        parts,
        places,
        size,
      ]);
    });
  }

  /** @param sources x, means and variances @param groups number of images with moments of their own, or 1 if all share the same */
  standardize(sources: readonly Stored[], shape: Shape, groups: number, y: Stored): void {
    const { isVector, lanes } = normPlan(shape, "image");
    const count = elements(shape) / (isVector ? 4 : 1);
    this.gpu.runEach(shaders.standardizeShader(isVector), [...sources, y], count, [lanes, count / groups]);
  }

  /** Sums of each channel over all places of all images. */
  channelSums(x: Stored, shape: Shape, sums: Stored): void {
    const plan = normPlan(shape, "batch");
    const { groupLanes, isVector, lanes, parts } = plan;
    const shader = shaders.channelSums(groupLanes, isVector);
    if (parts === 1) this.run(shader, [x, sums], plan);
    else
      this.withParts({ ...plan, scratch: 4 * parts * channels(shape) }, shape, (partial) => {
        this.run(shader, [x, partial], plan);
        this.gpu.runEach(shaders.joinSums(isVector), [partial, sums], lanes, [parts]);
      });
  }

  /** Runs `work` with a scratch buffer for the parts' sums, which it frees afterwards. */
  private withParts({ scratch }: NormPlan, shape: Shape, work: (sums: Stored) => void): void {
    const sums = this.gpu.take(scratch, shape);
    work(sums);
    this.gpu.pool.drop(sums);
  }

  private run(shader: Shader, buffers: readonly Stored[], plan: NormPlan, numbers: readonly number[] = []): void {
    const { places, lanes, parts, size, groupLanes, groups } = plan;
    this.gpu.run(
      shader,
      buffers,
      [places, lanes, parts, size, ...numbers],
      [Math.ceil(lanes / groupLanes), parts, groups],
    );
  }
}
