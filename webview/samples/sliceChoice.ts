import { middleSlice, sampleName } from "../../extension/protocol/runFileNames";
import { type SamplePicture, slicesOf } from "./sampleNames";

/** Which slice of the volumes is shown. */
export class SliceChoice {
  /** Whether all three planes are shown in the samples, and not only the first. */
  allPlanes = false;
  slices: readonly number[] = [middleSlice];
  slice = middleSlice;

  /** Reads which slices there are; a chosen slice that is missing becomes the middle one. @param names of a step's files */
  take(names: readonly string[]): void {
    this.slices = slicesOf(names);
    if (!this.slices.includes(this.slice)) this.slice = middleSlice;
  }

  /** Chooses a slice. @param index into `slices`, clamped to its range */
  choose(index: number): void {
    this.slice = this.slices[Math.max(0, Math.min(this.slices.length - 1, index))]!;
  }

  /** Whether the samples are volumes: two-dimensional pictures have only the middle slice. */
  get areVolumes(): boolean {
    return this.slices.length > 1;
  }

  get index(): number {
    return this.slices.indexOf(this.slice);
  }

  /** The file name of a picture at the chosen slice. */
  nameOf(picture: SamplePicture): string {
    return sampleName({ ...picture, slice: this.slice });
  }
}
