import { middleSlice, sampleName } from "../../extension/protocol/runFileNames";
import { type SamplePicture, slicesOf } from "./sampleNames";

/** Which slices of volumes are shown, of those that there are. */
export class SliceChoice {
  slices: readonly number[] = [middleSlice];
  slice = middleSlice;

  /** @param names of a step's files */
  take(names: readonly string[]): void {
    this.slices = slicesOf(names);
    if (!this.slices.includes(this.slice)) this.slice = middleSlice;
  }

  /** @param index among the slices; beyond an end, that end */
  choose(index: number): void {
    this.slice = this.slices[Math.max(0, Math.min(this.slices.length - 1, index))]!;
  }

  get index(): number {
    return this.slices.indexOf(this.slice);
  }

  /** The file of a picture's chosen slices. */
  nameOf(picture: SamplePicture): string {
    return sampleName({ ...picture, slice: this.slice });
  }
}
