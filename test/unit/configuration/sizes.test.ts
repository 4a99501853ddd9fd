import { describe, expect, it } from "vitest";
import {
  axesOf,
  sideMultiple,
  smallestGeneratorSide,
  smallestTrainingSide,
} from "../../../extension/configuration/sizes";

describe("sizes", () => {
  it("a number is a square, or a cube for volumes", () => {
    expect(axesOf(256, 2)).toEqual([256, 256]);
    expect(axesOf(32, 3)).toEqual([32, 32, 32]);
    expect(axesOf([128, 64], 2)).toEqual([128, 64]);
    expect(axesOf([128, 64], 3)).toBeUndefined();
    expect(axesOf(null, 2)).toBeNull();
  });

  it("the generator takes multiples of its downsampling, or of a U-Net's depth", () => {
    expect(sideMultiple({ generator: "resnet", downsampling: 3 })).toBe(8);
    expect(sideMultiple({ generator: "unet256", downsampling: 2 })).toBe(256);
  });

  it.each([
    [0, 2, 4],
    [1, 2, 4],
    [2, 2, 8],
    [0, 3, 2],
    [1, 3, 4],
  ] as const)("with %d stages in %dD the generator needs sides of %d", (downsampling, dimensions, side) => {
    expect(smallestGeneratorSide({ generator: "resnet", downsampling, dimensions })).toBe(side);
  });

  it.each([1, 2, 3, 4])("with %d layers the smallest side is the first that leaves the PatchGAN a number", (layers) => {
    const output = (side: number) => {
      let size = side;
      for (let layer = 0; layer < layers; layer++) size = Math.floor((size + 2 - 4) / 2) + 1;
      return size - 2;
    };
    const side = smallestTrainingSide({
      generator: "resnet",
      downsampling: 0,
      dimensions: 2,
      discriminator: { layers },
    });
    expect(output(side)).toBe(1);
    expect(output(side - 1)).toBe(0);
  });
});
