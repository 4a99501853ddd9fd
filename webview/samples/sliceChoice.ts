import { middleSlice, sampleName } from "../../extension/protocol/runFileNames";
import { type SamplePicture, slicesOf } from "./sampleNames";

/** The chosen slice position of volumes. */
export class SliceChoice {
  slices: readonly number[] = [middleSlice];
  slice = middleSlice;

  /** @param names of a step's files */
  take(names: readonly string[]): void {
    this.slices = slicesOf(names);
    if (!this.slices.includes(this.slice)) this.slice = middleSlice;
  }

  /** @param index clamped to the slices */
  choose(index: number): void {
    this.slice = this.slices[Math.max(0, Math.min(this.slices.length - 1, index))]!;
  }

  get index(): number {
    return this.slices.indexOf(this.slice);
  }

  /** The file name of a picture at the chosen slice. */
  nameOf(picture: SamplePicture): string {
    return sampleName({ ...picture, slice: this.slice });
  }
}
