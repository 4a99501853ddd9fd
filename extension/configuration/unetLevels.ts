/** Levels of the U-Nets, each of which halves the sides: down to one pixel of the picture that a U-Net is named for. */
export const unetLevels = { unet128: 7, unet256: 8 } as const;
